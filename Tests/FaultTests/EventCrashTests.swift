import Checker
import Contracts
import HTTPKit
import TestSupport
import Testing

/// Whatever process dies while an organizer works: nothing half-made is ever seen, and nothing half-done stays.
@Suite(.serialized) struct EventCrashTests {
    @Test(
        "a creation whose process dies is finished whole, and is never seen otherwise",
        arguments: [
            (ServiceName.events, "events.create.stored"), (.events, "events.rules.pushed"),
            (.inventory, "inventory.seats.made"), (.inventory, "inventory.rules.decided"),
        ])
    func creation(service: ServiceName, point: String) async throws {
        try await EventScene.with { scene in
            let rows = 50
            try await scene.crash(service, at: point) {
                _ = try await scene.admin.send("POST", "/api/events", json: EventScene.request("Made", rows: rows))
            }
            // Where inventory died the request itself may have ended well, or have been refused and withdrawn.
            if service == .events {
                try await eventually(within: .seconds(30), "the creation is finished") {
                    let seen = try await scene.all()
                    #expect(seen.allSatisfy { $0.availableCapacity == rows * 100 + 50 }, "half made: \(seen)")
                    return seen.count == 1
                }
            }
            for event in try await scene.all() {
                #expect(event.availableCapacity == rows * 100 + 50)
                #expect(try await scene.admin.seats(of: event.id).count == rows * 100)
                let hold = try await scene.admin.reserve(
                    ReservationRequest(eventId: event.id, seatNumbers: ["A-1-1", "A-50-100"]))
                #expect(hold.status == 201, "\(hold.text)")
            }
        }
    }

    @Test(
        "a cancellation whose process dies is carried out, and sells nothing from then on",
        arguments: [
            (ServiceName.events, "events.change.staged"), (.events, "events.rules.pushed"),
            (.inventory, "inventory.rules.decided"),
        ])
    func cancellation(service: ServiceName, point: String) async throws {
        try await EventScene.with { scene in
            let event = try await scene.create("Cancelled")
            try await scene.crash(service, at: point) { _ = try await scene.post("cancel", of: event.id) }
            try await eventually(within: .seconds(30), "the event is cancelled") {
                try await scene.event(event.id).status == .cancelled
            }
            let hold = try await scene.admin.reserve(
                ReservationRequest(eventId: event.id, seatNumbers: ["A-1-1"]))
            #expect(hold.status == 409, "\(hold.text)")
            #expect(try await scene.event(event.id).version == 2)
        }
    }

    @Test(
        "a deletion whose process dies is carried out as it was decided",
        arguments: [
            (ServiceName.events, "events.change.staged"), (.events, "events.rules.pushed"),
            (.inventory, "inventory.event.removed"),
        ])
    func deletion(service: ServiceName, point: String) async throws {
        try await EventScene.with { scene in
            let event = try await scene.create("Deleted")
            try await scene.crash(service, at: point) {
                _ = try await scene.admin.send("DELETE", "/api/events/\(event.id)")
            }
            try await eventually(within: .seconds(30), "the event is gone") {
                try await scene.admin.send("GET", "/api/events/\(event.id)").status == 404
            }
            let seats = try await scene.admin.send("GET", "/api/inventory/events/\(event.id)/seats")
            #expect(seats.status == 404)
        }
    }

    @Test("tickets that were added by a request whose process died are added once, whoever repeats it")
    func tickets() async throws {
        try await EventScene.with { scene in
            let event = try await scene.create("Added")
            let request = AddTicketsRequest(ticketTypeId: event.ticketTypes[1].id, quantity: 7)
            let key = CrashScene.key()
            let route = "/api/events/\(event.id)/tickets"
            try await scene.crash(.events, at: "events.rules.pushed") {
                _ = try await scene.admin.send("POST", route, json: request, key: key)
            }
            try await eventually(within: .seconds(60), "the repeat is answered") {
                let reply = try await scene.admin.send("POST", route, json: request, key: key)
                guard reply.status == 201 else { return false }
                #expect(try reply.decode(TicketsCreated.self).created == 7)
                return true
            }
            #expect(try await scene.event(event.id).totalCapacity == 157)
        }
    }
}
