import CZlib
package import HTTPTypes
package import NIOCore

/// Compresses large replies whose clients take gzip (RFC 1952), such as the seat list of a hall.
package enum Gzip {
    /// Below this many bytes compressing costs more than it saves.
    package static let bytesMin = 1024

    /// Fast rather than small: seat lists repeat so much that more effort gains little.
    private static let level: Int32 = 1

    /// Whether a request's headers accept gzip.
    package static func isAccepted(by headers: HTTPFields) -> Bool {
        isAccepted(by: headers[.acceptEncoding])
    }

    /// Whether the value of an `Accept-Encoding` accepts gzip; without one it does not.
    package static func isAccepted(by acceptEncoding: String?) -> Bool {
        (acceptEncoding ?? "").split(separator: ",").contains { coding in
            let parts = coding.split(separator: ";").map { $0.trimmingPrefix(while: \.isWhitespace) }
            guard let name = parts.first, name.lowercased() == "gzip" || name == "*" else { return false }
            return !parts.dropFirst().contains { $0.hasPrefix("q=0") && !$0.dropFirst(3).contains { "1"..."9" ~= $0 } }
        }
    }

    /// `buffer` compressed; nil when zlib has no memory, in which case it is sent as it is.
    package static func compress(_ buffer: ByteBuffer) -> ByteBuffer? {
        var stream = z_stream()
        guard holdfast_gzip_init(&stream, level) == Z_OK else { return nil }
        defer { deflateEnd(&stream) }
        let bound = Int(deflateBound(&stream, UInt(buffer.readableBytes)))
        var output = ByteBufferAllocator().buffer(capacity: bound)
        let done = buffer.withUnsafeReadableBytes { input in
            output.writeWithUnsafeMutableBytes(minimumWritableBytes: bound) { space in
                // zlib reads through this pointer and never writes: its type lacks `const` for old compilers' sake.
                stream.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = space.bindMemory(to: UInt8.self).baseAddress
                stream.avail_out = UInt32(space.count)
                return deflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : 0
            }
        }
        return done > 0 ? output : nil
    }
}
