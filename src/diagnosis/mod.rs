//! From facts to findings. Everything here is pure: the same facts give the same findings, so a saved set
//! of facts can be judged again on another machine.

pub mod address;
pub mod answer;
pub mod body;
pub mod change;
pub mod condition;
pub mod correlation;
pub mod definition;
pub mod dirt;
pub mod ending;
pub mod excess;
pub mod experiment;
pub mod fact;
pub mod finding;
pub mod fixture;
pub mod flap;
pub mod grant;
pub mod introspection;
pub mod judge;
pub mod label;
pub mod ladder;
pub mod last_good;
pub mod likeness;
pub mod notice;
pub mod path;
pub mod provenance;
pub mod ranking;
pub mod rate;
pub mod redirect;
pub mod remarks;
pub mod repair;
pub mod report;
pub mod shape;
pub mod share;
pub mod stage;
pub mod status;
pub mod success;
pub mod token;
pub mod unproven;
pub mod view;
pub mod words;

pub use fact::{AnswerFact, Answered, Facts, Fault, Problem, Stage, StageFact, StageStatus};
pub use finding::{Confidence, Evidence, Finding, Role, VendorWords};
pub use introspection::Introspection;
pub use repair::Repair;
pub use report::{Applied, Ending, Entry, Report};
