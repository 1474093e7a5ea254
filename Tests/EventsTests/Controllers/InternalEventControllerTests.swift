import Contracts
import HTTPTypes
import HummingbirdTesting
import ServiceKit
import TestSupport
import Testing

@testable import events

@Suite(.onBothDatabases) struct InternalEventControllerTests {
    private let body = #"""
        {"title":"Opera","eventDate":"2026-06-01T19:00:00Z","venue":"Scala",
         "ticketTypes":[{"name":"Stalls","price":25,"capacity":100}]}
        """#

    @Test func `services read the feed and events in batches`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let headers: HTTPFields = [.authorization: harness.test.internalBearer(from: .search)]
            var ids: [String] = []
            for _ in 0..<3 {
                ids.append(try await client.post("/api/events", body, harness.organizer).decode(EventDocument.self).id)
            }
            let changes = try await client.execute(
                uri: "/internal/events/changes?after=1&limit=5", method: .get, headers: headers
            ).decode(EventChanges.self)
            #expect(changes.changes.map(\.sequence) == [2, 3])
            #expect(changes.changes.map(\.event.id) == Array(ids.dropFirst()))
            #expect(changes.latest == 3)
            let batch = try await client.execute(
                uri: "/internal/events?ids=\(ids[2]),\(ids[0])", method: .get, headers: headers
            ).decode([EventDocument].self)
            #expect(batch.map(\.id) == [ids[2], ids[0]])
        }
    }

    @Test func `nobody else gets in, whatever their token`() async throws {
        try await EventsHarness.run { harness, client async throws in
            for uri in ["/internal/events/changes", "/internal/events?ids=a"] {
                #expect(try await client.execute(uri: uri, method: .get).status == .unauthorized)
                let admin = try await client.execute(
                    uri: uri, method: .get, headers: [.authorization: harness.test.bearer("a", .admin)])
                #expect(admin.status == .unauthorized)
            }
        }
    }

    @Test func `more than a batch, or no sequence, is 422`() async throws {
        try await EventsHarness.run { harness, client async throws in
            let headers: HTTPFields = [.authorization: harness.test.internalBearer(from: .search)]
            let many = (0..<101).map { "id\($0)" }.joined(separator: ",")
            for uri in [
                "/internal/events?ids=\(many)", "/internal/events/changes?after=x",
                "/internal/events/changes?limit=0", "/internal/events/changes?limit=501",
            ] {
                let reply = try await client.execute(uri: uri, method: .get, headers: headers)
                #expect(reply.status == .unprocessableContent)
            }
        }
    }
}
