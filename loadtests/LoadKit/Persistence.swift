package import Checker
import Contracts
import HTTPKit

/// Asks again while a service is away, so that a crash in the middle is survived as a careful client survives it.
///
/// What a lost reply did is unknown, so a request is only repeated with the same idempotency key.
package struct Persistence: Sendable {
    /// How long a request is repeated before it is given up.
    private let patience: Duration
    /// Whether the whole run is to end soon.
    package let isStopped: @Sendable () -> Bool
    /// Whether to wait for as long as a refusal's `Retry-After` asks, up to a bound, and not only for a moment.
    private let heedsRetryAfter: Bool

    private static let firstPauseMilliseconds = 20.0
    private static let pauseMillisecondsMax = 1000.0
    private static let patienceWhenStopped = Duration.seconds(5)
    private static let retryAfterMax = Duration.seconds(15)

    package init(
        patience: Duration, heedsRetryAfter: Bool = false, isStopped: @escaping @Sendable () -> Bool = { false }
    ) {
        self.patience = patience
        self.heedsRetryAfter = heedsRetryAfter
        self.isStopped = isStopped
    }

    /// The reply, or nil when none that counts came in time; `retries` counts the repetitions.
    package func send(retries: inout Int, _ request: () async throws -> APIReply) async throws -> APIReply? {
        var deadline = Deadline.after(patience)
        var sawStop = false
        var pauseMilliseconds = Self.firstPauseMilliseconds
        while true {
            var asked = Duration.zero
            do {
                let reply = try await request()
                guard Self.mayHeal(reply) else { return reply }
                if heedsRetryAfter { asked = Self.retryAfter(reply) }
            } catch let error as HTTPClientError {
                guard error.code != .invalidRequest, error.code != .cancelled else { throw error }
            }
            if isStopped(), !sawStop {
                // A stopped rush still learns what became of what it began, but not for long.
                sawStop = true
                deadline = deadline.sooner(.after(Self.patienceWhenStopped))
            }
            let pause = max(asked, .milliseconds(Int64(Double.random(in: 0.5...1) * pauseMilliseconds)))
            guard deadline.remaining > pause else { return nil }
            try await Task.sleep(for: pause)
            pauseMilliseconds = min(pauseMilliseconds * 2, Self.pauseMillisecondsMax)
            retries += 1
        }
    }

    /// The outcome of what must succeed, asked for again while a service is away; `request` may be repeated safely.
    ///
    /// - Throws: what the last attempt threw, once patience is over.
    package func insist<Value>(_ request: () async throws -> Value) async throws -> Value {
        let deadline = Deadline.after(patience)
        while true {
            do {
                return try await request()
            } catch let refusal as APIRefusal where Self.mayHeal(refusal.reply) && !deadline.hasPassed {
            } catch let error as HTTPClientError where error.code != .cancelled && !deadline.hasPassed {
            }
            try await Task.sleep(for: .milliseconds(Int64(Self.pauseMillisecondsMax)))
        }
    }

    private static func retryAfter(_ reply: APIReply) -> Duration {
        let seconds = reply.headers.first("Retry-After").flatMap { Int($0) } ?? 0
        return min(.seconds(max(0, seconds)), retryAfterMax)
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
