import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// Streams of availability while processes and Redis come and go.
@Suite(.serialized, .timeLimit(.minutes(5))) struct AvailabilityFaultTests {
    private static func options(inventories: Int = 1) -> StackOptions {
        var options = StackOptions()
        if inventories > 1 {
            options.database = .postgres
            options.replicas = [.inventory: inventories]
        }
        return options
    }

    /// An event with `places` of general admission.
    private func event(_ stack: HoldfastStack, places: Int = 1000) async throws -> EventDocument {
        try await stack.admin().createEvent(
            CreateEventRequest(
                title: "Live", eventDate: SystemClock().now() + .seconds(86_400), venue: "Hall",
                ticketTypes: [
                    CreateEventRequest.TicketType(
                        name: "Standing", price: DecimalAmount(minorUnits: 2000, decimals: 2), capacity: places)
                ]))
    }

    private func take(_ event: EventDocument, by buyer: APIClient) async throws -> ReservationDocument {
        let item = ReservationRequest.Item(ticketTypeId: event.ticketTypes[0].id, quantity: 1)
        return try await buyer.reserve(ReservationRequest(eventId: event.id, items: [item])).value()
    }

    /// Reads on until `count` places are left.
    private func wait(for count: Int, on client: EventStreamClient) async throws {
        while let event = try await client.nextEvent() {
            let document: AvailabilityDocument = try event.decode()
            if document.availableCapacity == count { return }
        }
        Issue.record("the stream ended before \(count) places were left")
    }

    /// Runs `body` with a stream of each of two replicas, asked directly, so that it is known which tells what.
    private func follow(
        _ event: EventDocument, on stack: HoldfastStack,
        _ body: (_ first: EventStreamClient, _ second: EventStreamClient) async throws -> Void
    ) async throws {
        let endpoints = (0..<2).map { stack.endpoint(of: StackReplica(.inventory, $0)) }
        try await EventStreamClient.with(path(event), of: endpoints[0]) { first in
            try await EventStreamClient.with(path(event), of: endpoints[1]) { second in
                try await wait(for: 1000, on: first)
                try await wait(for: 1000, on: second)
                try await body(first, second)
            }
        }
    }

    private func path(_ event: EventDocument) -> String { "/api/events/\(event.id)/availability/stream" }

    @Test("what one replica sells appears on the streams of the others; with one killed its clients go on elsewhere")
    func replicas() async throws {
        try await HoldfastStack.with(Self.options(inventories: 2)) { stack in
            let event = try await event(stack)
            let buyer = try await stack.client().signUpGuest()
            try await follow(event, on: stack) { first, second in
                for count in 1...4 {
                    _ = try await take(event, by: buyer)
                    try await wait(for: 1000 - count, on: first)
                    try await wait(for: 1000 - count, on: second)
                }
                try stack.kill9(.inventory, replica: 1)
                try await eventually(within: .seconds(20)) {
                    (try? await take(event, by: buyer)) != nil
                }
                try await wait(for: 995, on: first)
            }
            try await EventStreamClient.with(path(event), of: stack.gateway, after: "1") { client in
                try await wait(for: 995, on: client)
            }
        }
    }

    @Test("a stream through the gateway whose replica dies is cut, and its client resumes on another")
    func resumption() async throws {
        try await HoldfastStack.with(Self.options(inventories: 2)) { stack in
            let event = try await event(stack)
            let buyer = try await stack.client().signUpGuest()
            var last = ""
            try await EventStreamClient.with(path(event), of: stack.gateway) { client in
                last = try await client.nextEvent()?.id ?? ""
                for replica in 0..<2 {
                    try stack.kill9(.inventory, replica: replica)
                    try await stack.start(StackReplica(.inventory, replica))
                    try await stack.waitUntilHealthy()
                }
                await #expect(throws: RawConnection.EndOfStream.self) {
                    while try await client.next() != nil {}
                }
            }
            _ = try await take(event, by: buyer)
            try await EventStreamClient.with(path(event), of: stack.gateway, after: last) { client in
                try await wait(for: 999, on: client)
            }
        }
    }

    @Test("while Redis is away streams still follow, from one replica to the other, and go on when it is back")
    func redisAway() async throws {
        try await HoldfastStack.with(Self.options(inventories: 2)) { stack in
            let event = try await event(stack)
            let buyer = try await stack.client().signUpGuest()
            try await follow(event, on: stack) { first, second in
                stack.redis.kill()
                try await eventually(within: .seconds(20)) { (try? await take(event, by: buyer)) != nil }
                try await wait(for: 999, on: first)
                try await wait(for: 999, on: second)
                try await stack.redis.restart()
                try await stack.waitUntilHealthy()
                _ = try await take(event, by: buyer)
                try await wait(for: 998, on: first)
                try await wait(for: 998, on: second)
            }
        }
    }

    @Test("a hold that ends is told without anybody's request")
    func expiry() async throws {
        var options = Self.options()
        options.services = [.inventory: ["HOLD_SECONDS": "1"]]
        try await HoldfastStack.with(options) { stack in
            let event = try await event(stack)
            let buyer = try await stack.client().signUpGuest()
            try await EventStreamClient.with(path(event), of: stack.gateway) { client in
                try await wait(for: 1000, on: client)
                _ = try await take(event, by: buyer)
                try await wait(for: 999, on: client)
                try await wait(for: 1000, on: client)
            }
        }
    }

    @Test(
        "services that are told to stop end their streams in order and in time",
        arguments: [ServiceName.gateway, .inventory])
    func stopping(service: ServiceName) async throws {
        try await HoldfastStack.with(Self.options()) { stack in
            let event = try await event(stack)
            try await EventStreamClient.with(path(event), of: stack.gateway) { client in
                try await wait(for: 1000, on: client)
                async let end = stack.terminate(service)
                while try await client.next() != nil {}
                #expect(try await end == .exited(0))
            }
        }
    }

    @Test("past the limit of streams a replica is 503 with Retry-After; comments come; who leaves makes room")
    func limit() async throws {
        var options = Self.options()
        options.services = [.inventory: ["STREAMS_MAX": "2", "STREAM_COMMENT_SECONDS": "0.2"]]
        try await HoldfastStack.with(options) { stack in
            let event = try await event(stack)
            try await EventStreamClient.with(path(event), of: stack.gateway) { first in
                try await EventStreamClient.with(path(event), of: stack.gateway) { second in
                    try await wait(for: 1000, on: first)
                    try await wait(for: 1000, on: second)
                    for _ in 0..<2 { #expect(try await second.next()?.isComment == true) }
                    let refused = try await stack.client().send("GET", path(event))
                    #expect(refused.status == 503 && refused.code == "overloaded")
                    #expect(refused.headers.first("retry-after") == "5")
                }
                try await eventually {
                    (try? await EventStreamClient.with(path(event), of: stack.gateway) { _ in }) != nil
                }
            }
        }
    }
}
