/// One command, framed once by whoever makes it, so that the event loop only copies bytes.
public struct RedisCommand: Sendable {
    /// The command in RESP2: an array of bulk strings.
    private(set) var bytes: [UInt8]
    /// Where in `bytes` the connection writes the run id of its server as the command leaves; see ``RedisScript``.
    private(set) var runOffset: Int?
    /// How many words it has, its name included.
    let wordCount: Int

    /// Length of a server's run id in bytes.
    static let runLength = 40

    /// Frames `words`, the command's name first: `["SET", "key", "value"]`.
    public init(_ words: [String]) {
        wordCount = words.count
        bytes = []
        bytes.reserveCapacity(words.reduce(16) { $0 + $1.utf8.count + 16 })
        bytes.appendHeader(UInt8(ascii: "*"), words.count)
        for word in words {
            bytes.appendBulk(word)
        }
    }

    /// Frames `words`.
    public init(_ words: String...) {
        self.init(words)
    }

    /// Frames a call of a script, by its digest or with its source.
    init(_ script: RedisScript, byDigest: Bool, keys: [String], arguments: [String]) {
        let body = byDigest ? script.digest : script.source
        let count = 3 + keys.count + arguments.count + (script.takesServerRun ? 1 : 0)
        wordCount = count
        bytes = []
        bytes.reserveCapacity(
            keys.reduce(body.utf8.count + 128) { $0 + $1.utf8.count + 8 }
                + arguments.reduce(0) { $0 + $1.utf8.count + 8 })
        bytes.appendHeader(UInt8(ascii: "*"), count)
        bytes.appendBulk(byDigest ? "EVALSHA" : "EVAL")
        bytes.appendBulk(body)
        bytes.appendBulk(String(keys.count))
        for key in keys {
            bytes.appendBulk(key)
        }
        for argument in arguments {
            bytes.appendBulk(argument)
        }
        if script.takesServerRun {
            bytes.appendHeader(UInt8(ascii: "$"), Self.runLength)
            runOffset = bytes.count
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: Self.runLength))
            bytes.appendLineEnd()
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendLineEnd() {
        append(UInt8(ascii: "\r"))
        append(UInt8(ascii: "\n"))
    }

    fileprivate mutating func appendHeader(_ type: UInt8, _ count: Int) {
        append(type)
        if count < 10 {
            append(UInt8(ascii: "0") + UInt8(count))
        } else if count < 100 {
            append(UInt8(ascii: "0") + UInt8(count / 10))
            append(UInt8(ascii: "0") + UInt8(count % 10))
        } else {
            append(contentsOf: String(count).utf8)
        }
        appendLineEnd()
    }

    fileprivate mutating func appendBulk(_ text: String) {
        let utf8 = text.utf8
        appendHeader(UInt8(ascii: "$"), utf8.count)
        append(contentsOf: utf8)
        appendLineEnd()
    }
}
