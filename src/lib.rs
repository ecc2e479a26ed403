//! Compiles cluster role profiles into machines that boot right.
//!
//! The library exists for the program of the same name and promises no stable API.

pub mod cluster;
pub mod diagnostic;
pub mod machine;
pub mod profile;
pub mod service;
pub mod source;
