//! The pages, met as a browser meets them.

mod desk;
mod desk_browser;
mod desk_story;
mod desk_walk;
