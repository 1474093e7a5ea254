import Contracts

/// The simulated processor's messenger: what it decided late it announces as a real one would, signed and more than
/// once if need be.
struct DeliverAnnouncements: Sendable {
    let simulator: SimulatorProvider
    let receive: ReceiveWebhook
    let clock: any WallClock

    private static let batchMax = 100

    /// Whether a message is due.
    func isDue() async throws -> Bool {
        try await !simulator.memory.announcements(at: clock.now(), limit: 1).isEmpty
    }

    /// Delivers what is due.
    func execute() async throws {
        for announcement in try await simulator.memory.announcements(at: clock.now(), limit: Self.batchMax) {
            if let message = SimulatorMessage(announcement) {
                let body = try message.bytes()
                let signature = simulator.signature.sign(body, at: clock.now())
                _ = try await receive.execute(WebhookDelivery(signature: signature, body: body))
            }
            try await simulator.memory.forget(announcement)
        }
    }
}
