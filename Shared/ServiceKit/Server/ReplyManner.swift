import HTTPKit

/// How a reply goes over its connection.
struct ReplyManner {
    /// Whether another request may follow.
    var keepsAlive: Bool
    /// Whether the client wants the head alone.
    let isHead: Bool
    /// Whether the client knows chunks.
    let knowsChunks: Bool
    /// Whether some of the request was not read.
    let leavesInput: Bool
    /// Whether the body goes in chunks, since its length is not known.
    var isChunked = false

    init(to request: ArrivingRequest) {
        keepsAlive = request.head.keepsAlive && !request.isTooLarge
        isHead = request.head.method == .head
        knowsChunks = request.head.version == .http11
        leavesInput = request.isTooLarge
    }

    private init() {
        keepsAlive = false
        isHead = false
        knowsChunks = true
        leavesInput = true
    }

    /// The reply to what was not understood, after which nothing more is.
    static let lastWord = ReplyManner()
}
