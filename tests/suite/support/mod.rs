//! What tests need to meet a real or scripted world.

pub mod certificate;
pub mod home;
pub mod httpbin;
pub mod name_server;
pub mod nginx;
pub mod program;
pub mod scripted;
pub mod squid;
