/// How far a request and its response have come on a client's connection, and what follows: a pure state machine.
struct ExchangeProgress: Sendable {
    /// What to do when the response is complete.
    enum Ending: Sendable, Hashable {
        /// Take the next request.
        case next
        /// Close: everything has been said.
        case close
        /// Say no more, throw away what still comes for a while, then close: closing at once would reset the
        /// connection and could take the response with it.
        case linger
    }

    private(set) var requestIsComplete = false
    private(set) var responseHasBegun = false
    private(set) var responseIsComplete = false
    private var keepsAlive: Bool

    init(keepsAlive: Bool) {
        self.keepsAlive = keepsAlive
    }

    /// Whether the response must say that the connection ends.
    ///
    /// A response that comes before the request is complete ends it: the rest of the body is not wanted.
    var closes: Bool { !keepsAlive }

    mutating func requestCompleted() {
        requestIsComplete = true
    }

    /// The head of the response is about to be written.
    mutating func responseBegins() {
        responseHasBegun = true
        if !requestIsComplete { keepsAlive = false }
    }

    /// The connection shall end after this response: a refusal demands it, or the gateway is stopping.
    mutating func end() {
        keepsAlive = false
    }

    mutating func responseCompleted() -> Ending {
        responseIsComplete = true
        if !requestIsComplete { return .linger }
        return keepsAlive ? .next : .close
    }
}
