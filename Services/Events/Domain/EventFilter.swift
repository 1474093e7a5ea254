/// Which events a list is to have.
struct EventFilter: Sendable, Hashable {
    /// Also drafts, cancelled, deleted and ended ones.
    var includesInactive = false
    /// Only those that have not begun.
    var upcomingOnly = false
    /// Compared without regard to case, as are categories.
    var city: String?
    var category: String?
    var ownerID: String?
}
