//! What tests need to meet a real or scripted world.

pub mod scripted;
