import Contracts
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import ServiceKit
import Testing

@Suite struct PageRequestTests {
    private func run(_ body: @Sendable (any TestClientProtocol) async throws -> Void) async throws {
        let harness = try ResponderHarness { router in
            router.get("/list") { request, _ in
                let page = try PageRequest(request)
                return Reply(
                    [page.page, page.pageSize, page.offset], headers: page.headers(total: 45, request: request))
            }
        }
        try await harness.run(body)
    }

    @Test func `the first page of twenty is the default, with a link to the next`() async throws {
        try await run { client in
            let reply = try await client.execute(uri: "/list?city=Oslo", method: .get)
            #expect(String(buffer: reply.body) == "[1,20,0]")
            #expect(reply.headers[.xTotalCount] == "45")
            #expect(reply.headers[.link] == #"</list?city=Oslo&page=2>; rel="next""#)
            let last = try await client.execute(uri: "/list?page=3&pageSize=20", method: .get)
            #expect(String(buffer: last.body) == "[3,20,40]")
            #expect(last.headers[.link] == nil)
        }
    }

    @Test(arguments: ["page=0", "page=x", "pageSize=101", "pageSize=0", "page=-1", "page="])
    func `a page that cannot be is 422`(query: String) async throws {
        try await run { client in
            let reply = try await client.execute(uri: "/list?\(query)", method: .get)
            #expect(reply.status.code == 422)
            #expect(reply.problem?.errors?.count == 1)
        }
    }
}
