//! The path to a service: the carrier and the prober against scripted servers and real programs.

mod carrier;
