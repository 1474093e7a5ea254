import Contracts
import HTTPKit
import TestSupport
import Testing

extension EventStreamClient {
    /// The stream's first event, which has to be a snapshot.
    @discardableResult
    func snapshot(sourceLocation: SourceLocation = #_sourceLocation) async throws -> AvailabilityDocument {
        let event = try #require(try await nextEvent(), sourceLocation: sourceLocation)
        #expect(event.name == "snapshot", sourceLocation: sourceLocation)
        let document: AvailabilityDocument = try event.decode()
        #expect(event.id == String(document.version), sourceLocation: sourceLocation)
        return document
    }

    /// Reads on until a change satisfies `condition`; versions must never fall on the way.
    @discardableResult
    func change(
        _ what: String = "the change", sourceLocation: SourceLocation = #_sourceLocation,
        where condition: (AvailabilityDocument) -> Bool
    ) async throws -> AvailabilityDocument {
        var last: Int64 = 0
        while let event = try await nextEvent() {
            #expect(event.name == "availability", sourceLocation: sourceLocation)
            let document: AvailabilityDocument = try event.decode()
            #expect(document.version >= last && event.id == String(document.version), sourceLocation: sourceLocation)
            last = document.version
            if condition(document) { return document }
        }
        throw StreamEnded(waitingFor: what)
    }

    /// Reads on until `count` places of the ticket type called `name` are left.
    @discardableResult
    func left(
        _ count: Int, of name: String = "Seat", sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> AvailabilityDocument {
        try await change("\(count) of \(name)", sourceLocation: sourceLocation) { document in
            document.ticketTypes.contains { $0.name == name && $0.availableCount == count }
        }
    }
}

/// The stream ended while the test waited for something on it.
struct StreamEnded: Error, CustomStringConvertible {
    let waitingFor: String

    var description: String { "the stream ended before \(waitingFor)" }
}
