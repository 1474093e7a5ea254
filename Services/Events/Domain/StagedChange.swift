/// A change of an event that was decided on here and that inventory has yet to agree to.
///
/// Stored before inventory is told, so that a process that dies in between leaves what others can finish.
struct StagedChange: Sendable, Hashable, Codable {
    enum Kind: String, Sendable, Codable {
        /// The event becomes what ``event`` and ``plan`` say.
        case replace
        /// The event goes where nothing of it is held or sold; else it becomes what ``event`` says.
        case remove
    }

    let kind: Kind
    /// The event as it will be.
    let event: Event
    let plan: SeatPlan
    /// Names what its sender is doing, the same each time they repeat it; nil when they did not say.
    var intent: String?
    /// How many tickets the change makes, for the reply to a repeat.
    var created = 0
}
