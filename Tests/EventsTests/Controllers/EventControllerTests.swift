import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct EventControllerTests {
    private let body = #"""
        {"title":"Opera","eventDate":"2026-06-01T19:00:00Z","venue":"Scala","city":"New York",
         "ticketTypes":[{"name":"Box","price":80.5,"seating":"reserved","sections":[{"name":"A","rows":2,"seatsPerRow":5}]},
                        {"name":"Stalls","price":25,"capacity":100}]}
        """#

    @Test func `an event is made, found and read`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let created = try await client.post("/api/events", body, harness.organizer)
            #expect(created.status == .created)
            let event = try created.decode(EventDocument.self)
            #expect(created.headers[.location] == "/api/events/\(event.id)")
            #expect(event.totalCapacity == 110)
            let read = try await client.execute(uri: "/api/events/\(event.id)", method: .get)
            #expect(try read.decode(EventDocument.self) == event)
            let shouted = try await client.execute(uri: "/api/events/\(event.id.uppercased())", method: .get)
            #expect(shouted.status == .ok)
            let availability = try await client.execute(uri: "/api/events/\(event.id)/availability", method: .get)
            #expect(try availability.decode(AvailabilityDocument.self).availableCapacity == 110)
            let list = try await client.execute(uri: "/api/events?city=new+york&page=1", method: .get)
            #expect(try list.decode([EventDocument].self) == [event])
            #expect(list.headers[.xTotalCount] == "1")
        }
    }

    @Test(arguments: ["events", "concerts"], ["city", "category", "ownerId"])
    func `a filter that no event can pass is refused by name`(list: String, filter: String) async throws {
        try await EventsHarness.run { _, client async throws in
            for value in ["%00", "a%00b", String(repeating: "x", count: 201)] {
                let reply = try await client.execute(uri: "/api/\(list)?\(filter)=\(value)", method: .get)
                #expect(reply.status == .unprocessableContent)
                #expect(reply.problem?.errors?.map(\.field) == [filter])
            }
            let longest = String(repeating: "x", count: 200)
            let reply = try await client.execute(uri: "/api/\(list)?\(filter)=\(longest)", method: .get)
            #expect(reply.status == .ok)
        }
    }

    @Test func `a list links to its next page`() async throws {
        try await EventsHarness.run { harness, client async throws in
            for _ in 0..<3 { _ = try await client.post("/api/events", body, harness.organizer) }
            let list = try await client.execute(uri: "/api/events?pageSize=2&upcoming=true", method: .get)
            #expect(list.headers[.xTotalCount] == "3")
            #expect(list.headers[.link]?.contains("page=2") == true)
            #expect(list.headers[.link]?.contains("upcoming=true") == true)
            let last = try await client.execute(uri: "/api/events?pageSize=2&page=2", method: .get)
            #expect(last.headers[.link] == nil)
            #expect(try last.decode([EventDocument].self).count == 1)
        }
    }

    @Test func `who may not create is told so before the body is read`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let broken = "{"
            let anonymous = try await client.post("/api/events", broken, nil)
            #expect(anonymous.status == .unauthorized)
            let guest = try await client.post("/api/events", broken, harness.test.bearer("g", .guest))
            #expect(guest.status == .forbidden)
            let user = try await client.post("/api/events", broken, harness.organizer)
            #expect(user.status == .badRequest)
            #expect(user.problem?.code == "malformed-json")
        }
    }

    @Test func `all faulty fields come in one problem document`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let reply = try await client.post(
                "/api/events",
                #"{"title":"","eventDate":"2020-01-01T00:00:00Z","ticketTypes":[{"price":-1,"capacity":0}]}"#,
                harness.organizer)
            #expect(reply.status == .unprocessableContent)
            #expect(reply.headers[.contentType] == ProblemDocument.mediaType)
            #expect(
                Set(reply.problem?.errors?.map(\.field) ?? []) == [
                    "title", "eventDate", "venue", "ticketTypes[0].name", "ticketTypes[0].price",
                    "ticketTypes[0].capacity",
                ])
        }
    }

    @Test(arguments: [
        #"{"title":5}"#, #"{"ticketTypes":{}}"#, #"{"ticketTypes":[{"capacity":1.5}]}"#,
        #"{"ticketTypes":[{"price":"9.99"}]}"#, "[]",
    ])
    func `a value of the wrong type is 422`(body: String) async throws {
        try await EventsHarness.run { harness, client async throws in
            let reply = try await client.post("/api/events", body, harness.organizer)
            #expect(reply.status == .unprocessableContent)
            #expect(reply.problem?.errors?.isEmpty == false)
        }
    }

    @Test func `a repeat with the same key gets the same bytes and makes nothing`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let first = try await client.post("/api/events", body, harness.organizer, key: "k1")
            let again = try await client.post("/api/events", body, harness.organizer, key: "k1")
            #expect(first.status == .created && again.status == .created)
            #expect(String(buffer: first.body) == String(buffer: again.body))
            #expect(again.headers[.idempotentReplayed] == "true")
            #expect(harness.stock.allRules.count == 1)
            let other = try await client.post(
                "/api/events", body.replacing("Opera", with: "Ballet"), harness.organizer, key: "k1")
            #expect(other.status == .unprocessableContent)
            #expect(other.problem?.code == "idempotency-key-reused")
        }
    }

    @Test func `when inventory is down nothing is made, and the same key works when it is back`() async throws {
        try await EventsHarness.run { harness, client async throws in
            harness.stock.fail(.down)
            let refused = try await client.post("/api/events", body, harness.organizer, key: "k1")
            #expect(refused.status == .serviceUnavailable)
            #expect(refused.problem?.code == "dependency-unavailable")
            #expect(refused.headers[.retryAfter] != nil)
            harness.stock.fail(nil)
            let made = try await client.post("/api/events", body, harness.organizer, key: "k1")
            #expect(made.status == .created)
            #expect(made.headers[.idempotentReplayed] == nil)
            let list = try await client.execute(uri: "/api/events", method: .get)
            #expect(list.headers[.xTotalCount] == "1")
        }
    }

    @Test func `without inventory reading is 503, not a guess`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let id = try await client.post("/api/events", body, harness.organizer).decode(EventDocument.self).id
            harness.stock.fail(.down)
            for path in ["", "/\(id)", "/\(id)/availability"] {
                let reply = try await client.execute(uri: "/api/events\(path)", method: .get)
                #expect(reply.status == .serviceUnavailable)
                #expect(reply.problem?.code == "dependency-unavailable")
            }
        }
    }

    @Test func `inactive events are for admins`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let uri = "/api/events?includeInactive=true"
            #expect(try await client.execute(uri: uri, method: .get).status == .forbidden)
            let user = try await client.execute(uri: uri, method: .get, headers: [.authorization: harness.organizer])
            #expect(user.status == .forbidden)
            let admin = try await client.execute(
                uri: uri, method: .get, headers: [.authorization: harness.test.bearer("a", .admin)])
            #expect(admin.status == .ok)
        }
    }

    @Test(arguments: ["page=0", "pageSize=101", "upcoming=maybe", "includeInactive=2"])
    func `a query that cannot be is 422`(query: String) async throws {
        try await EventsHarness.run { _, client async throws in
            let reply = try await client.execute(uri: "/api/events?\(query)", method: .get)
            #expect(reply.status == .unprocessableContent)
        }
    }

    @Test(arguments: ["nothing", "01900000-0000-7000-8000-000000000000", "%27%20OR%201=1"])
    func `an unknown event is 404`(id: String) async throws {
        try await EventsHarness.run { _, client async throws in
            let reply = try await client.execute(uri: "/api/events/\(id)", method: .get)
            #expect(reply.status == .notFound)
            #expect(reply.problem?.code == "not-found")
        }
    }

    @Test func `a draft is published by its organizer, and a repeat is answered the same`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let draft = body.replacing(#""venue""#, with: #""status":"Draft","venue""#)
            let id = try await client.post("/api/events", draft, harness.organizer).decode(EventDocument.self).id
            #expect(try await client.execute(uri: "/api/events/\(id)", method: .get).status == .notFound)
            #expect(try await client.post("/api/events/\(id)/publish", "", nil).status == .unauthorized)
            let stranger = try await client.post("/api/events/\(id)/publish", "", harness.test.bearer("other"))
            #expect(stranger.status == .notFound)
            let published = try await client.post("/api/events/\(id)/publish", "", harness.organizer, key: "p1")
            #expect(try published.decode(EventDocument.self).status == .active)
            let again = try await client.post("/api/events/\(id)/publish", "", harness.organizer, key: "p1")
            #expect(again.headers[.idempotentReplayed] == "true")
            #expect(try await client.execute(uri: "/api/events/\(id)", method: .get).status == .ok)
            let other = try await client.post("/api/events/\(id)/publish", "", harness.test.bearer("other"))
            #expect(other.status == .forbidden)
        }
    }
}
