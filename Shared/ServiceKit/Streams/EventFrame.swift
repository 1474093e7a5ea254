import Contracts
import NIOCore

/// A server-sent event (WHATWG HTML §9.2) as the bytes that go out, chunk and all: written once for all who get it.
package struct EventFrame: Sendable, Hashable {
    let bytes: ByteBuffer

    /// An event of type `name` with `value` as JSON, which has no line breaks.
    ///
    /// - Parameter id: what a client that comes back sends as `Last-Event-ID`
    package init(_ name: StaticString, id: String, _ value: some Encodable) throws {
        let data = try WireJSON.encode(value)
        var text = ByteBuffer()
        text.reserveCapacity(data.readableBytes + id.utf8.count + 48)
        text.writeStaticString("event: ")
        text.writeStaticString(name)
        text.writeString("\nid: \(id)\ndata: ")
        text.writeImmutableBuffer(data)
        text.writeStaticString("\n\n")
        self.init(chunk: text)
    }

    private init(chunk text: ByteBuffer) {
        bytes = text.chunk
    }

    /// A comment, which clients ignore: it keeps what is in between from taking silence for the end, and shows whether
    /// the client is still there.
    package static let comment = EventFrame(chunk: ByteBuffer(string: ":\n\n"))
}
