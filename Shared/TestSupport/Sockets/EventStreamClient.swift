import Contracts
package import HTTPKit
import NIOCore

/// Reads a stream of server-sent events (WHATWG HTML §9.2) byte by byte, as browsers do.
package final class EventStreamClient {
    /// What came between two empty lines.
    package struct Event: Sendable, Hashable {
        /// Nil for a comment.
        package var name: String?
        package var id: String?
        package var data = ""

        package var isComment: Bool { name == nil }

        /// The data as a value.
        package func decode<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
            try WireJSON.decode(type, from: ByteBuffer(string: data))
        }
    }

    /// The response is no stream.
    package struct NotAStream: Error, CustomStringConvertible {
        package let head: String

        package var description: String { head }
    }

    /// The head of the response.
    package let head: String
    private let connection: RawConnection
    private var text = ""

    private init(connection: RawConnection, head: String) {
        self.connection = connection
        self.head = head
    }

    /// Runs `body` with the stream at `path`, then leaves.
    package static func with<Result: Sendable>(
        _ path: String, of endpoint: Endpoint, after lastEventID: String? = nil, token: String? = nil,
        _ body: (EventStreamClient) async throws -> Result
    ) async throws -> Result {
        try await RawClient.with(endpoint) { connection in
            let resume = lastEventID.map { "Last-Event-ID: \($0)\r\n" } ?? ""
            let authorization = token.map { "Authorization: Bearer \($0)\r\n" } ?? ""
            try await connection.write(
                "GET \(path) HTTP/1.1\r\nHost: test\r\nAccept: text/event-stream\r\n\(resume)\(authorization)\r\n")
            let head = try await connection.readHead()
            guard head.hasPrefix("HTTP/1.1 200 "), head.lowercased().contains("content-type: text/event-stream") else {
                throw NotAStream(head: head)
            }
            return try await body(EventStreamClient(connection: connection, head: head))
        }
    }

    /// The next event or comment; nil when the stream has ended in order.
    ///
    /// - Throws: `RawConnection.EndOfStream` when it was cut off
    package func next() async throws -> Event? {
        while true {
            if let end = text.firstRange(of: "\n\n") {
                defer { text.removeSubrange(..<end.upperBound) }
                return Self.event(text[..<end.lowerBound])
            }
            let size = try await connection.read(through: "\r\n")
            // A line break of two bytes is one character.
            guard let count = Int(size.dropLast(), radix: 16) else { throw NotAStream(head: size) }
            let chunk = try await connection.read(count + 2)
            guard count > 0 else { return nil }
            text += chunk.dropLast()
        }
    }

    /// The next event that is no comment; nil when the stream has ended in order.
    package func nextEvent() async throws -> Event? {
        while let event = try await next() {
            if !event.isComment { return event }
        }
        return nil
    }

    private static func event(_ text: Substring) -> Event {
        var event = Event()
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? parts[1].drop { $0 == " " } : ""
            switch parts[0] {
            case "event": event.name = String(value)
            case "id": event.id = String(value)
            case "data": event.data += value
            default: break
            }
        }
        return event
    }
}
