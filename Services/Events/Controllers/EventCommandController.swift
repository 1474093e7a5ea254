import Contracts
import HTTPTypes
import Hummingbird
import NIOCore
import ServiceKit

/// `/api/events/{id}`: what organizers do with an event that is there.
struct EventCommandController: Sendable {
    let access: EventAccess
    let moveEvent: MoveEvent
    let updateEvent: UpdateEvent
    let addTickets: AddTickets
    let deleteEvent: DeleteEvent
    let idempotency: IdempotentRequests

    /// What a command knows of its request by the time it is carried out.
    private struct Order {
        let eventID: String
        /// The caller's name for what they are doing; nil when they sent no key.
        let intent: String?
        let call: CallContext
    }

    func addRoutes(to router: Router<ServiceContext>) {
        router.group("api/events/:id")
            .put(use: update)
            .delete(use: delete)
            .post("publish", use: publish)
            .post("cancel", use: cancel)
            .post("reactivate", use: reactivate)
            .post("tickets", use: tickets)
    }

    @Sendable private func publish(_ request: Request, context: ServiceContext) async throws -> Response {
        try await move(request, context) { try $0.published(at: $1) }
    }

    @Sendable private func cancel(_ request: Request, context: ServiceContext) async throws -> Response {
        try await move(request, context) { try $0.cancelled(at: $1) }
    }

    @Sendable private func reactivate(_ request: Request, context: ServiceContext) async throws -> Response {
        try await move(request, context) { try $0.reactivated(at: $1) }
    }

    private func move(_ request: Request, _ context: ServiceContext, _ step: MoveEvent.Step) async throws -> Response {
        try await perform(request, context) { order, _ in
            try Response.json(try await moveEvent(order.eventID, step, intent: order.intent, in: order.call))
        }
    }

    @Sendable private func update(_ request: Request, context: ServiceContext) async throws -> Response {
        try await perform(request, context) { order, body in
            var form = try JSONRequestDecoder.decode(EventForm.self, from: body)
            form.version = try Self.version(request, form)
            return try Response.json(
                try await updateEvent(order.eventID, form, intent: order.intent, in: order.call))
        }
    }

    @Sendable private func tickets(_ request: Request, context: ServiceContext) async throws -> Response {
        try await perform(request, context) { order, body in
            let form = try JSONRequestDecoder.decode(TicketsForm.self, from: body)
            let made = try await addTickets(order.eventID, form, intent: order.intent, in: order.call)
            return try Response.json(TicketsCreated(created: made), status: .created)
        }
    }

    @Sendable private func delete(_ request: Request, context: ServiceContext) async throws -> Response {
        try await perform(request, context) { order, _ in
            try await deleteEvent(order.eventID, intent: order.intent, in: order.call)
            return Response(status: .noContent)
        }
    }

    /// Checks who asks, then carries out what is asked for, once for the request's key.
    ///
    /// Whether fields are right depends on the event as it is, and a repeat finds it changed by its own first attempt:
    /// so here fields are looked at after the key.
    private func perform(
        _ request: Request, _ context: ServiceContext, _ act: (Order, ByteBuffer) async throws -> Response
    ) async throws -> Response {
        try await answering {
            let identity = try context.requireIdentity()
            let id = try context.parameter("id").lowercased()
            try await access.authorize(id, for: identity)
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            let key = try IdempotencyKey.of(request)
            let order = Order(eventID: id, intent: key.map { "\(identity.userID):\($0.text)" }, call: context.call)
            return try await idempotency.perform(request, body: body, scope: identity.userID) {
                try await act(order, body)
            }
        }
    }

    /// The version that a change was made from: of the header `If-Match` or of the body.
    private static func version(_ request: Request, _ form: EventForm) throws -> Int64? {
        guard let tag = request.headers[.ifMatch]?.trimmed, tag != "*" else { return form.version }
        guard let version = Int64(tag.drop { "W/\"".contains($0) }.prefix { $0 != "\"" }) else {
            throw Problem.invalid("If-Match", "must be a version of the event, such as \"3\"")
        }
        if let own = form.version, own != version {
            throw Problem.invalid("version", "must be the one in If-Match when both are sent")
        }
        return version
    }
}
