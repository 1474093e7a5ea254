import DequeModule
import NIOCore

/// What one connection owes: the handshake's replies, then those of the commands written, in order.
///
/// It knows no channel and no clock; its methods return what the handler must do, so every order of events can be
/// tested without sockets. `Request` is whatever the owner wants back with the replies.
struct ConnectionStateMachine<Request>: ~Copyable {
    /// What the handler does after a reply.
    enum ReplyAction {
        /// More replies are needed.
        case wait
        /// The handshake is over: commands may be written. `serverRun` is the server's run id.
        case becomeReady(serverRun: [UInt8])
        /// `Request` is answered.
        case succeed(Request, RedisValue)
        /// `Request`, a batch, is answered.
        case succeedAll(Request, [RedisValue])
        /// Nothing on this connection can be trusted any more.
        case close(RedisError)
    }

    /// What the handler does when the deadline timer fires.
    enum DeadlineAction: Equatable {
        /// Nothing is owed; the timer rests until something is.
        case rest
        /// Look again then.
        case checkAgain(at: NIODeadline)
        /// The oldest reply is late. A late reply must never answer the next command: the connection ends.
        case close(RedisError)
    }

    private struct Owed {
        var request: Request
        var replyCount: Int
        var replies: [RedisValue] = []
        var deadline: NIODeadline
    }

    private enum Phase {
        case handshaking(Handshake, deadline: NIODeadline)
        case ready
        case closed
    }

    private var phase: Phase
    private var owed: Deque<Owed> = []

    /// Starts with the handshake's commands on their way.
    init(handshake: Handshake, deadline: NIODeadline) {
        phase = .handshaking(handshake, deadline: deadline)
    }

    /// Whether commands may be written.
    var isReady: Bool {
        if case .ready = phase { true } else { false }
    }

    /// Commands that have not been answered.
    var owedCount: Int { owed.count }

    /// Notes commands that were just written; they are answered by the next `replyCount` replies after the earlier ones.
    mutating func written(_ request: Request, replyCount: Int, deadline: NIODeadline) {
        owed.append(Owed(request: request, replyCount: replyCount, deadline: deadline))
    }

    /// Gives a reply to whom it belongs.
    mutating func received(_ value: RedisValue) -> ReplyAction {
        switch phase {
        case .closed:
            return .wait
        case .handshaking(var handshake, let deadline):
            switch handshake.received(value) {
            case .wait:
                phase = .handshaking(handshake, deadline: deadline)
                return .wait
            case .done(let run):
                phase = .ready
                return .becomeReady(serverRun: run)
            case .fail(let error):
                return .close(error)
            }
        case .ready:
            guard !owed.isEmpty else {
                return .close(RedisError(.protocolViolation, "a reply that no command asked for"))
            }
            if owed[0].replyCount == 1 {
                return .succeed(owed.removeFirst().request, value)
            }
            owed[0].replies.append(value)
            guard owed[0].replies.count == owed[0].replyCount else { return .wait }
            let answered = owed.removeFirst()
            return .succeedAll(answered.request, answered.replies)
        }
    }

    /// Looks at the oldest of what is owed; all commands are given the same time, so it is the first to be late.
    func deadlineReached(now: NIODeadline) -> DeadlineAction {
        switch phase {
        case .closed:
            return .rest
        case .handshaking(_, let deadline):
            guard deadline <= now else { return .checkAgain(at: deadline) }
            return .close(RedisError(.notConnected, "the server accepted the connection and did not answer"))
        case .ready:
            guard let oldest = owed.first else { return .rest }
            guard oldest.deadline <= now else { return .checkAgain(at: oldest.deadline) }
            return .close(RedisError(.timedOut, "no reply before the deadline", outcomeUnknown: true))
        }
    }

    /// Ends the connection and returns everyone who waits, each with an error: the oldest learns the cause, those
    /// behind it that theirs may have been executed.
    mutating func close(_ cause: RedisError) -> [(Request, RedisError)] {
        phase = .closed
        let behind = cause.forCommandInFlight()
        let failed = owed.enumerated().map { index, entry in
            var first = cause
            first.outcomeUnknown = true
            return (entry.request, index == 0 ? first : behind)
        }
        owed.removeAll()
        return failed
    }
}
