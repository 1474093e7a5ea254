import HTTPKit

/// How long a provider may take, within the time that the request has left.
struct ProviderPatience: Sendable {
    /// The most that one call may take.
    let callMax: Duration

    /// What is kept of the request's time, to record and answer.
    private static let reserve = Duration.milliseconds(250)

    /// What `call` answers; nil when the provider kept silent until the deadline it was given.
    func wait<Answer>(
        _ requestDeadline: Deadline, _ call: (_ deadline: Deadline) async throws -> Answer
    ) async throws -> Answer? {
        let available = max(.zero, requestDeadline.remaining - Self.reserve)
        do {
            return try await call(.after(min(callMax, available)))
        } catch is ProviderSilent {
            return nil
        }
    }
}
