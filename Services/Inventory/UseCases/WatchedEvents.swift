import ServiceKit
import Synchronization

/// The events that somebody on this replica follows.
final class WatchedEvents: Sendable {
    private let events = Mutex<[String: WatchedEvent]>([:])

    var all: [WatchedEvent] { events.withLock { Array($0.values) } }

    func find(_ id: String) -> WatchedEvent? {
        events.withLock { $0[id] }
    }

    /// Adds a stream to the event that `read` is of; the event when nobody followed it before.
    func add(
        _ stream: EventStream, _ dialect: StreamDialect, after lastEventID: String?, _ read: AvailabilityState
    ) -> WatchedEvent? {
        events.withLock { events in
            let known = events[read.event.id]
            let event = known ?? WatchedEvent(read)
            events[event.id] = event
            event.add(stream, dialect, after: lastEventID, read)
            return known == nil ? event : nil
        }
    }

    /// Takes a stream away; an event that nobody follows any more is forgotten.
    func remove(_ stream: EventStream, of id: String) {
        events.withLock { events in
            guard let event = events[id], event.remove(stream) else { return }
            events[id] = nil
            event.close()
        }
    }
}
