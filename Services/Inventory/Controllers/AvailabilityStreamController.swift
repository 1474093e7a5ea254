import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit
import Synchronization

/// `/api/events/{id}/availability/stream`: an event's stock as it changes, as server-sent events.
///
/// Inventory answers it, which has the counters, so that no service stands between a sale and those who watch it.
struct AvailabilityStreamController: Sendable {
    let follow: FollowAvailability

    func addRoutes(to router: Router<ServiceContext>) {
        router.get("api/events/:id/availability/stream") { try await stream($0, $1, .event) }
        router.get("api/concerts/:id/availability/stream") { try await stream($0, $1, .concert) }
    }

    private func stream(
        _ request: Request, _ context: ServiceContext, _ dialect: StreamDialect
    ) async throws -> Response {
        let id = try context.parameter("id").lowercased()
        guard UUIDv7.isWellFormed(id) else { throw Problem.notFound("event") }
        guard let place = follow.admit() else {
            throw Problem.unavailable(
                code: "overloaded", detail: "as many streams are open as there may be; try again", retryAfter: 5)
        }
        guard let read = try await follow.state(of: id), read.event.isVisible(to: context.identity) else {
            throw Problem.notFound("event")
        }
        let beginning = Beginning(lastEventID: request.headers[.lastEventID], read: read)
        return .eventStream(for: context) { stream in
            guard let (lastEventID, read) = beginning.take() else { return }
            follow.add(stream, dialect, after: lastEventID, read)
        } ended: { stream, _ in
            follow.remove(stream, of: id)
            // The place is held until here, or until the response is thrown away unread.
            withExtendedLifetime(place) {}
        }
    }
}

/// What a stream begins with, handed over once: kept for as long as the stream lasts, it would be most of its memory.
private final class Beginning: Sendable {
    private let value: Mutex<(lastEventID: String?, read: AvailabilityState)?>

    init(lastEventID: String?, read: AvailabilityState) {
        value = Mutex((lastEventID, read))
    }

    func take() -> (lastEventID: String?, read: AvailabilityState)? {
        value.withLock { value in
            defer { value = nil }
            return value
        }
    }
}
