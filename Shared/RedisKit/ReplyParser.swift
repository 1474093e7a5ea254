import CHiredis
import NIOCore

/// Replies out of a stream of bytes, by hiredis' reader.
///
/// Feed it, then ask for replies until there is none: one read may carry many, or a part of one. Its errors are
/// sticky, since nothing tells where the next reply would begin; the connection must be closed.
final class ReplyParser {
    private let reader: UnsafeMutablePointer<redisReader>
    private let replyBytesMax: Int
    private var bytesSinceReply = 0

    /// Nil only when the machine has no memory left.
    init?(replyBytesMax: Int) {
        guard let reader = redisReaderCreate() else { return nil }
        // The buffer that the reader may keep while it is empty; its default of 16 KiB is less than one busy read.
        reader.pointee.maxbuf = 1 << 20
        self.reader = reader
        self.replyBytesMax = replyBytesMax
    }

    deinit {
        redisReaderFree(reader)
    }

    /// Takes all of `buffer`; throws when one reply grows past its limit.
    func feed(_ buffer: ByteBuffer) throws(RedisError) {
        bytesSinceReply += buffer.readableBytes
        guard bytesSinceReply <= replyBytesMax else {
            throw RedisError(.protocolViolation, "a reply is longer than \(replyBytesMax) bytes")
        }
        let status = buffer.withUnsafeReadableBytes { bytes in
            redisReaderFeed(reader, bytes.bindMemory(to: CChar.self).baseAddress, bytes.count)
        }
        guard status == REDIS_OK else { throw violation }
    }

    /// The next complete reply, nil when more bytes are needed.
    func next() throws(RedisError) -> RedisValue? {
        var reply: UnsafeMutableRawPointer?
        guard redisReaderGetReply(reader, &reply) == REDIS_OK else { throw violation }
        guard let reply else { return nil }
        defer { freeReplyObject(reply) }
        bytesSinceReply = reader.pointee.len - reader.pointee.pos
        return RedisValue(reply.assumingMemoryBound(to: redisReply.self).pointee)
    }

    private var violation: RedisError {
        let text = withUnsafeBytes(of: reader.pointee.errstr) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RedisError(.protocolViolation, "not a Redis reply: \(text)")
    }
}

extension RedisValue {
    /// Copies what hiredis parsed; the depth is bounded by hiredis, which refuses more than 7 levels.
    fileprivate init(_ reply: redisReply) {
        switch reply.type {
        case REDIS_REPLY_INTEGER:
            self = .integer(reply.integer)
        case REDIS_REPLY_STRING:
            self = .bulk(Array(Self.bytes(reply)))
        case REDIS_REPLY_STATUS:
            self = .status(String(decoding: Self.bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ERROR:
            self = .error(String(decoding: Self.bytes(reply), as: UTF8.self))
        case REDIS_REPLY_ARRAY:
            let elements = UnsafeBufferPointer(start: reply.element, count: reply.elements)
            self = .array(elements.map { $0.map { RedisValue($0.pointee) } ?? .null })
        default:
            self = .null
        }
    }

    private static func bytes(_ reply: redisReply) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: reply.str, count: reply.len)
    }
}
