//! Gathers the process and passes it on. No decision lives here.

fn main() {}
