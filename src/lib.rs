//! Compiles cluster role profiles into machines that boot right.
//!
//! The library exists for the program of the same name and promises no stable API.

pub mod source;
pub mod diagnostic;
pub mod cluster;
pub mod machine;
