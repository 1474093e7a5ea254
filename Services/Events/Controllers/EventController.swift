import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/api/events`: the catalogue as everyone reads it and organizers add to it.
struct EventController: Sendable {
    let createEvent: CreateEvent
    let readEvents: ReadEvents
    let idempotency: IdempotentRequests

    func addRoutes(to router: Router<ServiceContext>) {
        router.group("api/events")
            .get(use: list)
            .post(use: create)
            .get(":id", use: get)
            .get(":id/availability", use: availability)
    }

    @Sendable private func list(_ request: Request, context: ServiceContext) async throws -> Reply<[EventDocument]> {
        let page = try PageRequest(request)
        let filter = try EventFilter(request)
        return try await answering {
            let (events, total) = try await readEvents.list(filter, page, for: context.identity)
            return Reply(events, headers: page.headers(total: total, request: request))
        }
    }

    @Sendable private func get(_ request: Request, context: ServiceContext) async throws -> Reply<EventDocument> {
        let id = try context.parameter("id")
        return try await answering {
            Reply(try await readEvents.event(id, for: context.identity))
        }
    }

    @Sendable private func availability(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<AvailabilityDocument> {
        let id = try context.parameter("id")
        return try await answering {
            Reply(try await readEvents.availability(id, for: context.identity))
        }
    }

    @Sendable private func create(_ request: Request, context: ServiceContext) async throws -> Response {
        try await answering {
            let identity = try context.requireIdentity()
            try createEvent.authorize(identity)
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            let draft = try createEvent.check(JSONRequestDecoder.decode(EventForm.self, from: body))
            let key = try IdempotencyKey.of(request)
            return try await idempotency.perform(request, body: body, scope: identity.userID) {
                let event = try await createEvent(draft, by: identity, intent: key?.text, in: context.call)
                return try Response.json(
                    event, status: .created, headers: [.location: "/api/events/\(event.id)"])
            }
        }
    }
}
