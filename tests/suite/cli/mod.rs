//! The whole program, run as people and pipelines run it, against the sandbox.

#[cfg(target_os = "linux")]
mod crash;
mod redirects;
mod verdicts;
