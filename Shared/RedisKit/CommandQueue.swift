import NIOCore

/// Commands of all tasks that wait for the event loop, their bytes one after the other, ready for one write.
struct CommandQueue {
    /// A request that waits, and where its bytes lie.
    struct Entry {
        var request: PendingRequest
        /// Where the run id of the server goes, counted from the start of the bytes; a request has one script at most.
        var runOffset: Int?
        var byteCount: Int
    }

    /// Whether commands are taken.
    enum Phase {
        /// They are: a connection stands or is being made.
        case open
        /// The last attempt to connect failed thus, so they fail at once.
        case down(RedisError)
        /// The client was closed.
        case closed
    }

    /// What the caller of `add` does next.
    enum Addition {
        /// The event loop is on its way.
        case queued
        /// The event loop must be told.
        case wake
        /// The event loop is on its way, and so much waits that whoever is on it already should write.
        case write
        case refuse(RedisError)
    }

    var phase = Phase.open
    private(set) var entries: [Entry] = []
    private(set) var bytes = ByteBuffer()
    /// Whether the event loop knows that something waits.
    private var isAwake = false
    /// Written commands that have no reply yet.
    private var inFlight = 0
    private let commandsMax: Int
    private let bytesMax: Int
    /// As many commands are worth a write of their own. When callers wait for the answers of one batch, the server
    /// would rest while they make the next, and they while it answers; so the next is sent in parts.
    private static let part = 16

    init(commandsMax: Int, bytesMax: Int) {
        self.commandsMax = commandsMax
        self.bytesMax = bytesMax
    }

    mutating func add(_ commands: [RedisCommand], _ request: PendingRequest) -> Addition {
        switch phase {
        case .down(let error): return .refuse(error)
        case .closed: return .refuse(RedisError(.closed, "the client was closed"))
        case .open: break
        }
        let byteCount = commands.reduce(0) { $0 + $1.bytes.count }
        guard entries.count + inFlight < commandsMax, bytes.readableBytes + byteCount <= bytesMax else {
            return .refuse(RedisError(.overloaded, "\(entries.count + inFlight) commands are waiting already"))
        }
        var runOffset: Int?
        for command in commands {
            if let offset = command.runOffset {
                runOffset = bytes.writerIndex + offset
            }
            bytes.writeBytes(command.bytes)
        }
        entries.append(Entry(request: request, runOffset: runOffset, byteCount: byteCount))
        if isAwake { return entries.count % Self.part == 0 ? .write : .queued }
        isAwake = true
        return .wake
    }

    /// Hands over all that waits, to be written; the next command wakes the event loop again, unless it is on its way
    /// all the same.
    mutating func takeForWriting(isAwake: Bool = false) -> (entries: [Entry], bytes: ByteBuffer) {
        self.isAwake = isAwake
        inFlight += entries.count
        return takeAll()
    }

    /// Takes out all that waits, to be failed.
    mutating func takeForFailing() -> [Entry] {
        isAwake = false
        return takeAll().entries
    }

    /// Takes out what is past its deadline; the rest stays in order.
    mutating func takeExpired(now: NIODeadline) -> [Entry] {
        let count = entries.prefix { $0.request.deadline <= now }.count
        guard count > 0 else { return [] }
        let expired = Array(entries.prefix(count))
        let expiredBytes = expired.reduce(0) { $0 + $1.byteCount }
        entries.removeFirst(count)
        isAwake = !entries.isEmpty
        bytes = ByteBuffer(bytes.readableBytesView.dropFirst(expiredBytes))
        for index in entries.indices {
            entries[index].runOffset = entries[index].runOffset.map { $0 - expiredBytes }
        }
        return expired
    }

    /// Written commands got their replies or lost their connection.
    mutating func settled(_ count: Int) {
        inFlight -= count
    }

    private mutating func takeAll() -> (entries: [Entry], bytes: ByteBuffer) {
        let taken = (entries, bytes)
        // The next batch will be about as large as this one; a rare large one does not stay.
        bytes = ByteBufferAllocator().buffer(capacity: min(max(bytes.readableBytes, 1024), 1 << 16))
        entries = []
        entries.reserveCapacity(min(taken.0.count, 1024))
        return taken
    }
}
