import Contracts
import Foundation

/// The index in Elasticsearch or OpenSearch: one of their indexes for each build.
///
/// Events are stored with their own version (`version_type=external_gte`), so an older one never replaces a newer one
/// however often and in whatever order changes are applied; the position in the feed moves only afterwards.
struct ElasticsearchIndex: SearchIndex {
    let client: ElasticsearchClient
    /// What the names of all indexes begin with.
    let prefix: String
    let state: ElasticsearchStateStore

    static let suggestionCandidatesMax = 50
    /// Fewer results than this make the index look for mistyped words as well.
    static let fewResults = 3

    /// Opens the index, and makes it when the server has none.
    static func open(_ client: ElasticsearchClient, prefix: String) async throws -> ElasticsearchIndex {
        let index = ElasticsearchIndex(
            client: client, prefix: prefix,
            state: ElasticsearchStateStore(client: client, index: "\(prefix)-state"))
        if let state = try await index.state.find() {
            for build in state.builds { try await index.openForEvents(build) }
            return index
        }
        // The state last: it announces what is there.
        try await index.create(index.state.index, ElasticsearchState.indexBody)
        try await index.create(ElasticsearchState.first.live)
        try await index.state.create()
        return index
    }

    func name(_ build: Int64) -> String { "\(prefix)-\(build)" }

    /// The alias under which events are stored. Storing demands an alias, and the server makes none by itself: where
    /// the index is gone it refuses, instead of making one whose fields it guesses.
    private func alias(_ build: Int64) -> String { "\(name(build))-events" }

    func apply(
        _ events: [IndexedEvent], after position: Int64, cursor: Int64, to copy: IndexCopy
    ) async throws -> Bool {
        let outset = try await state.read()
        let build = try outset.build(of: copy)
        guard outset.position(of: build) >= position else { return false }
        do {
            try await put(try events.map { try ElasticsearchDocument($0) }, build)
        } catch let failure as ElasticsearchClient.Failure where failure.status == 404 {
            // The index goes when another one takes its place; else it is lost.
            guard try await state.read().build(of: copy) == build else { return false }
            throw failure
        }
        var isApplied = false
        try await state.update { state in
            isApplied = try state.build(of: copy) == build
            if isApplied { state.positions[String(build)] = max(state.position(of: build), cursor) }
        }
        return isApplied
    }

    func cursor(of copy: IndexCopy) async throws -> Int64 {
        let state = try await state.read()
        return state.position(of: try state.build(of: copy))
    }

    /// Nothing to do: every search leaves ended events out by their field.
    func forgetEnded(at now: Timestamp) async throws {}

    func runningBuild() async throws -> Int64? {
        let state = try await state.read()
        return state.isBuilding ? state.lastBuild : nil
    }

    func beginBuild() async throws -> Int64 {
        let build = try await state.read().lastBuild + 1
        // The index first: a build that is announced can be gone on with, whenever the process that began it dies.
        try await create(build)
        var superseded: Int64?
        try await state.update { state in
            guard state.lastBuild + 1 == build else { throw SearchError.buildSuperseded }
            superseded = state.isBuilding ? state.lastBuild : nil
            if let superseded { state.positions[String(superseded)] = nil }
            state.lastBuild = build
            state.isBuilding = true
            state.positions[String(build)] = 0
        }
        if let superseded { try await remove(superseded) }
        return build
    }

    func promote(_ build: Int64) async throws {
        // A build that was superseded has no index any more.
        _ = try await state.read().build(of: .next(build: build))
        let _: Acknowledgement = try await client.call("POST", "/\(name(build))/_refresh", String?.none)
        var old: Int64 = 0
        try await state.update { state in
            _ = try state.build(of: .next(build: build))
            old = state.live
            state.live = build
            state.isBuilding = false
            state.positions[String(old)] = nil
        }
        try await remove(old)
    }

    func mark(_ isSoldOut: [String: Bool]) async throws {
        guard !isSoldOut.isEmpty else { return }
        let build = try await state.read().live
        let ids = JSONValue.array(isSoldOut.keys.sorted().map(JSONValue.string))
        let stored: StoredDocuments = try await client.call("POST", "/\(name(build))/_mget", ["ids": ids] as JSONValue)
        let changed = stored.docs.compactMap(\.source).compactMap { document -> ElasticsearchDocument? in
            guard let mark = isSoldOut[document.id], mark != document.isSoldOut else { return nil }
            var document = document
            document.isSoldOut = mark
            return document
        }
        try await put(changed, build)
    }

    private struct StoredDocuments: Decodable {
        let docs: [DocumentReply<ElasticsearchDocument>]
    }

    private func create(_ build: Int64) async throws {
        try await create(name(build), ElasticsearchDocument.indexBody(alias: alias(build)))
    }

    /// Gives an index that was made before events were stored by alias its alias; one that has it stays as it is.
    private func openForEvents(_ build: Int64) async throws {
        do {
            let _: Acknowledgement = try await client.call(
                "PUT", "/\(name(build))/_alias/\(alias(build))", String?.none)
        } catch let failure as ElasticsearchClient.Failure where failure.status == 404 {
            // The index is lost. Every search says so, until it is made anew.
        }
    }

    private func create(_ name: String, _ body: JSONValue) async throws {
        do {
            let _: Acknowledgement = try await client.call("PUT", "/\(name)", body)
        } catch let failure as ElasticsearchClient.Failure where failure.type == "resource_already_exists_exception" {
            // Made by the process that died before it said so.
        }
    }

    private func remove(_ build: Int64) async throws {
        let _: Acknowledgement = try await client.call(
            "DELETE", "/\(name(build))?ignore_unavailable=true", String?.none)
    }

    /// Stores documents unless newer ones are there.
    private func put(_ documents: [ElasticsearchDocument], _ build: Int64) async throws {
        var lines: [String] = []
        for document in documents {
            let action: JSONValue = [
                "index": [
                    "_index": .string(alias(build)), "_id": .string(document.id),
                    "version": .integer(document.version), "version_type": "external_gte",
                ]
            ]
            lines.append(String(decoding: try WireJSON.encoder.encode(action), as: UTF8.self))
            lines.append(String(decoding: try WireJSON.encoder.encode(document), as: UTF8.self))
        }
        // 409: a later version is there already.
        if let failed = try await client.bulk(lines).first(where: { $0.status != 409 }) {
            throw ElasticsearchClient.Failure(status: failed.status, type: "", request: "an item of POST /_bulk")
        }
    }
}
