//! Which copies move where, among the members of a role that keep copies of the same things.

/// What a service is asked that should say which copies move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked<'a> {
    /// What its own tools print of who holds what; `None` to hear how to get it.
    pub held: Option<&'a str>,
    /// Numbers of members that are no nodes of the role, and have gone for good.
    pub gone: &'a [u32],
    /// Bytes a second that a member may send for it.
    pub throttle: u64,
}

/// What a service answers that is asked which copies should move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Moves {
    /// It needs to know first who holds what.
    Asks {
        /// On which node.
        node: String,
        /// What prints it there.
        command: String,
    },
    /// Everybody who stays has his part, and nobody else holds anything.
    Nothing,
    /// A plan.
    Planned(Planned),
}

/// A plan, and how it is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned {
    /// Every member that holds something or may.
    pub members: Vec<Holding>,
    /// How many things change who holds them, and how many there are.
    pub changed: (usize, usize),
    /// The plan, as the commands read it from standard input.
    pub text: String,
    /// The node that the commands are typed on.
    pub node: String,
    /// What begins it.
    pub begin: String,
    /// What says whether it is done, and ends it.
    pub verify: String,
}

/// What one member holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holding {
    /// Its number.
    pub id: u32,
    /// Its node; `None` where that is no node of the role any more.
    pub name: Option<String>,
    /// Its zone, where that is known.
    pub zone: Option<String>,
    /// How many copies it holds, and how many once all is done.
    pub copies: (usize, usize),
    /// Whether it goes.
    pub leaves: bool,
}
