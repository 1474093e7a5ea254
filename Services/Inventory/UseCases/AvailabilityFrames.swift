import Contracts
import ServiceKit
import Synchronization

/// A message as bytes, made once for each dialect that somebody reads.
final class AvailabilityFrames: Sendable {
    private let message: AvailabilityFeed.Message
    private let made = Mutex<[StreamDialect: EventFrame]>([:])

    init(_ message: AvailabilityFeed.Message) {
        self.message = message
    }

    func frame(_ dialect: StreamDialect) -> EventFrame {
        made.withLock { made in
            if let frame = made[dialect] { return frame }
            let frame = make(dialect)
            made[dialect] = frame
            return frame
        }
    }

    private func make(_ dialect: StreamDialect) -> EventFrame {
        switch message {
        case .snapshot(let document): make("snapshot", document, dialect)
        case .changes(let document): make("availability", document, dialect)
        }
    }

    private func make(_ name: StaticString, _ document: AvailabilityDocument, _ dialect: StreamDialect) -> EventFrame {
        let id = String(document.version)
        // Texts and numbers always encode; should that ever change, the stream stays and the next message tries again.
        return switch dialect {
        case .event: (try? EventFrame(name, id: id, document)) ?? .comment
        case .concert: (try? EventFrame(name, id: id, ConcertAvailabilityDocument(document))) ?? .comment
        }
    }
}
