import Contracts

/// Keeps ``ElasticsearchState``.
struct ElasticsearchStateStore: Sendable {
    let client: ElasticsearchClient
    /// The index that holds it.
    let index: String

    private static let attemptsMax = 10

    private struct Stored: Decodable {
        let source: ElasticsearchState
        let sequenceNumber: Int64
        let primaryTerm: Int64

        private enum CodingKeys: String, CodingKey {
            case source = "_source"
            case sequenceNumber = "_seq_no"
            case primaryTerm = "_primary_term"
        }
    }

    private var target: String { "/\(index)/_doc/state" }

    /// Makes the first state unless another process did so first.
    func create() async throws {
        do {
            let _: Acknowledgement = try await client.call(
                "PUT", "/\(index)/_create/state?refresh=true", ElasticsearchState.first)
        } catch let failure as ElasticsearchClient.Failure where failure.status == 409 {
            return
        }
    }

    /// The state; nil where none was made yet.
    func find() async throws -> ElasticsearchState? {
        let stored: Stored? = try await client.find(target)
        return stored?.source
    }

    func read() async throws -> ElasticsearchState {
        guard let state = try await find() else { throw SearchError.indexMissing }
        return state
    }

    /// Changes the state by compare-and-set; `change` runs again on what another process wrote meanwhile.
    @discardableResult
    func update(_ change: (inout ElasticsearchState) throws -> Void) async throws -> ElasticsearchState {
        var attempt = 1
        while true {
            guard let stored: Stored = try await client.find(target) else { throw SearchError.indexMissing }
            var state = stored.source
            try change(&state)
            guard state != stored.source else { return state }
            let condition = "if_seq_no=\(stored.sequenceNumber)&if_primary_term=\(stored.primaryTerm)"
            do {
                let _: Acknowledgement = try await client.call("PUT", "\(target)?\(condition)&refresh=true", state)
                return state
            } catch let failure as ElasticsearchClient.Failure
                where failure.status == 409 && attempt < Self.attemptsMax
            {
                attempt += 1
            }
        }
    }
}
