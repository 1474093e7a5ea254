import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// How organizers change what is for sale, against what is sold.
@Suite struct EventChangeTests {
    @Test("a capacity below what is reserved and sold is refused, at it and above is taken, and sold at once")
    func capacity() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        #expect(try await organizer.reserve(event, standing: 3).status == 201)
        let refused = try await organizer.put(event, title: "Refused", standing: 2)
        expectProblem(refused, 409, "capacity-below-sold")
        #expect(refused.problem?.conflicts == [event.ticketTypes[1].id])
        let unchanged = try await organizer.event(event.id)
        #expect(unchanged.title == event.title && unchanged.version == 1)
        let full: EventDocument = try await organizer.put(event, standing: 3).value()
        #expect(full.ticketTypes[1].availableCount == 0 && full.version == 2)
        expectProblem(try await organizer.reserve(event), 409, "sold-out")
        #expect(try await organizer.put(event, standing: 8).status == 200)
        #expect(try await organizer.reserve(event, standing: 5).status == 201)
    }

    @Test("a change from a stale version is refused, by the body and by If-Match; without one the last wins")
    func versions() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        #expect(try await organizer.put(event, title: "One", version: 1).status == 200)
        expectProblem(try await organizer.put(event, title: "Two", version: 1), 409, "version-conflict")
        expectProblem(try await organizer.put(event, title: "Two", ifMatch: "\"1\""), 409, "version-conflict")
        #expect(try await organizer.put(event, title: "Three", ifMatch: "\"2\"").status == 200)
        #expect(try await organizer.put(event, title: "Four").status == 200)
        #expect(try await organizer.event(event.id).title == "Four")
        expectProblem(try await organizer.put(event, ifMatch: "abc"), 422, "invalid-fields")
    }

    @Test("of many changes from the same version one is taken")
    func race() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<8 {
                group.addTask { try await organizer.put(event, title: "T\(number)", version: 1).status }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.filter { $0 == 409 }.count == 7, "\(statuses)")
        #expect(try await organizer.event(event.id).version == 2)
    }

    @Test("tickets are added to a type, once for a key, and are sold")
    func addTickets() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let route = "/api/events/\(event.id)/tickets"
        let key = Sale.key()
        let places = AddTicketsRequest(ticketTypeId: event.ticketTypes[1].id, quantity: 4)
        for _ in 0..<2 {
            let reply = try await organizer.client.send("POST", route, json: places, key: key)
            #expect(reply.status == 201, "\(reply.text)")
            #expect(try reply.decode(TicketsCreated.self).created == 4)
        }
        let seats = AddTicketsRequest(
            ticketTypeId: event.ticketTypes[0].id, sections: [SeatSection(name: "B", rows: 2, seatsPerRow: 3)])
        #expect(try await organizer.client.send("POST", route, json: seats).status == 201)
        let after = try await organizer.event(event.id)
        #expect(after.ticketTypes.map(\.capacity) == [16, 9])
        _ = try await organizer.sell("B-2-3", of: event)
        expectProblem(try await organizer.client.send("POST", route, json: seats), 422, "invalid-fields")
        let none = AddTicketsRequest(ticketTypeId: event.ticketTypes[1].id, quantity: 0)
        expectProblem(try await organizer.client.send("POST", route, json: none), 422, "invalid-fields")
        let foreign = AddTicketsRequest(ticketTypeId: event.id, quantity: 1)
        expectProblem(try await organizer.client.send("POST", route, json: foreign), 422, "invalid-fields")
    }

    @Test("only the organizer and admins change an event", arguments: ["cancel", "reactivate", "publish", "tickets"])
    func ownership(command: String) async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        let stranger = try await Organizer.signUp()
        let guest = Organizer(stack: organizer.stack, client: try await organizer.stack.client().signUpGuest())
        let nobody = Organizer(stack: organizer.stack, client: organizer.stack.client())
        for other in [stranger, guest] {
            expectProblem(try await other.post(command, of: event.id), 403, "forbidden")
            expectProblem(try await other.put(event), 403, "forbidden")
            expectProblem(try await other.delete(event.id), 403, "forbidden")
        }
        expectProblem(try await nobody.post(command, of: event.id), 401, "unauthorized")
        expectProblem(try await nobody.put(event), 401, "unauthorized")
        expectProblem(try await nobody.delete(event.id), 401, "unauthorized")
        let admin = Organizer(stack: organizer.stack, client: try await organizer.stack.admin())
        #expect(try await admin.put(event, title: "By admin").status == 200)
        #expect(try await admin.delete(event.id).status == 204)
    }

    @Test("inactive events are listed for admins only")
    func inactive() async throws {
        let organizer = try await Organizer.signUp()
        let event = try await organizer.create()
        #expect(try await organizer.post("cancel", of: event.id).status == 200)
        let route = "/api/events?ownerId=\(event.ownerId)"
        let active: [EventDocument] = try await organizer.client.get(route)
        #expect(active.isEmpty)
        let forbidden = try await organizer.client.send("GET", "\(route)&includeInactive=true")
        expectProblem(forbidden, 403, "forbidden")
        let all: [EventDocument] = try await organizer.stack.admin().get("\(route)&includeInactive=true")
        #expect(all.map(\.id) == [event.id])
    }

    @Test("pages of a list are stable and linked")
    func paging() async throws {
        let organizer = try await Organizer.signUp()
        var made: [EventDocument] = []
        for number in 0..<5 { made.append(try await organizer.create("Page \(number)")) }
        var route: String? = "/api/events?ownerId=\(made[0].ownerId)&pageSize=2&page=1"
        var seen: [String] = []
        while let current = route {
            let reply = try await organizer.client.send("GET", current)
            #expect(reply.headers.first("X-Total-Count") == "5")
            seen += try reply.decode([EventDocument].self).map(\.id)
            let link = reply.headers.first("Link").map { "\($0)" }
            route = link.flatMap { $0.split(separator: ">").first?.dropFirst() }.map(String.init)
        }
        #expect(seen == made.map(\.id))
    }

    @Test(
        "pages that there are not are refused",
        arguments: ["page=0", "page=-1", "page=1000000", "pageSize=0", "page=x"])
    func badPages(query: String) async throws {
        let anyone = try await SharedStack.get().client()
        for route in ["/api/events", "/api/concerts"] {
            expectProblem(try await anyone.send("GET", "\(route)?\(query)"), 422, "invalid-fields")
        }
    }
}
