import Contracts
import HTTPTypes
import Hummingbird
import ServiceKit

/// `/api/events`: the catalogue as everyone reads it and organizers write it.
struct EventController: Sendable {
    let createEvent: CreateEvent
    let readEvents: ReadEvents
    let publishEvent: PublishEvent
    let idempotency: IdempotentRequests

    func addRoutes(to router: Router<ServiceContext>) {
        router.group("api/events")
            .get(use: list)
            .post(use: create)
            .get(":id", use: get)
            .get(":id/availability", use: availability)
            .post(":id/publish", use: publish)
    }

    @Sendable private func list(_ request: Request, context: ServiceContext) async throws -> Reply<[EventDocument]> {
        let page = try PageRequest(request)
        let filter = try EventFilter(request)
        return try await answering {
            let (events, total) = try await readEvents.list(filter, page, for: context.identity, in: context.call)
            return Reply(events, headers: page.headers(total: total, request: request))
        }
    }

    @Sendable private func get(_ request: Request, context: ServiceContext) async throws -> Reply<EventDocument> {
        let id = try context.parameter("id")
        return try await answering {
            Reply(try await readEvents.event(id, for: context.identity, in: context.call))
        }
    }

    @Sendable private func availability(
        _ request: Request, context: ServiceContext
    ) async throws -> Reply<AvailabilityDocument> {
        let id = try context.parameter("id")
        return try await answering {
            Reply(try await readEvents.availability(id, for: context.identity, in: context.call))
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

    @Sendable private func publish(_ request: Request, context: ServiceContext) async throws -> Response {
        try await answering {
            let identity = try context.requireIdentity()
            let id = try context.parameter("id")
            try await publishEvent.authorize(id, for: identity)
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            return try await idempotency.perform(request, body: body, scope: identity.userID) {
                try Response.json(try await publishEvent(id, in: context.call))
            }
        }
    }
}

extension EventFilter {
    /// Reads the query of `request`.
    fileprivate init(_ request: Request) throws(Problem) {
        let query = QueryItems(request)
        self.init(
            includesInactive: try Self.flag(query["includeInactive"], "includeInactive"),
            upcomingOnly: try Self.flag(query["upcoming"], "upcoming"),
            city: Self.text(query["city"]), category: Self.text(query["category"]),
            ownerID: Self.text(query["ownerId"]))
    }

    private static func flag(_ value: String?, _ name: String) throws(Problem) -> Bool {
        switch value {
        case nil, "", "false", "0": return false
        case "true", "1": return true
        default: throw .invalid(name, "must be true or false")
        }
    }

    private static func text(_ value: String?) -> String? {
        value.flatMap { $0.trimmed.isEmpty ? nil : $0.trimmed }
    }
}
