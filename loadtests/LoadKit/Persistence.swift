import Checker
import Contracts
import HTTPKit

/// Asks again while a service is away, so that a crash in the middle is survived as a careful client survives it.
///
/// What a lost reply did is unknown, so a request is only repeated with the same idempotency key.
struct Persistence: Sendable {
    let patience: Duration
    let isStopped: @Sendable () -> Bool

    private static let firstPauseMilliseconds = 20.0
    private static let pauseMillisecondsMax = 1000.0
    private static let patienceWhenStopped = Duration.seconds(5)

    /// The reply, or nil when none that counts came in time; `retries` counts the repetitions.
    func send(retries: inout Int, _ request: () async throws -> APIReply) async throws -> APIReply? {
        var deadline = Deadline.after(patience)
        var sawStop = false
        var pauseMilliseconds = Self.firstPauseMilliseconds
        while true {
            do {
                let reply = try await request()
                guard Self.mayHeal(reply) else { return reply }
            } catch let error as HTTPClientError {
                guard error.code != .invalidRequest, error.code != .cancelled else { throw error }
            }
            if isStopped(), !sawStop {
                // A stopped rush still learns what became of what it began, but not for long.
                sawStop = true
                deadline = deadline.sooner(.after(Self.patienceWhenStopped))
            }
            let pause = Duration.milliseconds(Int64(Double.random(in: 0.5...1) * pauseMilliseconds))
            guard deadline.remaining > pause else { return nil }
            try await Task.sleep(for: pause)
            pauseMilliseconds = min(pauseMilliseconds * 2, Self.pauseMillisecondsMax)
            retries += 1
        }
    }

    /// Whether the same request may be answered otherwise in a moment.
    private static func mayHeal(_ reply: APIReply) -> Bool {
        switch reply.status {
        case 429, 502, 503, 504: true
        case 409: reply.code == "request-in-progress" || reply.code == "payment-in-progress"
        default: false
        }
    }
}
