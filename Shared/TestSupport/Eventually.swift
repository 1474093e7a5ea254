/// Waits until `condition` holds, asking again every few milliseconds; throws ``ConditionNeverHeld`` at the deadline.
///
/// Tests wait for what they need instead of sleeping for luck: quick when the machine is quick, patient when it is not.
package func eventually(
    within limit: Duration = .seconds(10),
    _ what: String = "the condition",
    isolation: isolated (any Actor)? = #isolation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while true {
        if try await condition() { return }
        guard ContinuousClock.now < deadline else { throw ConditionNeverHeld(what: what, limit: limit) }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// A condition did not come true in the time that a test allows it.
package struct ConditionNeverHeld: Error, CustomStringConvertible {
    /// What was waited for.
    package var what: String
    /// How long it was waited for.
    package var limit: Duration

    package var description: String { "\(what) did not hold within \(limit)" }
}
