import Contracts
import TestSupport

@testable import inventory

/// A history that the model cannot explain, with the first group that it cannot explain.
struct Divergence: Sendable {
    let history: [OperationGroup]
    let report: String
}

/// Plays histories on a stage beside the model.
struct ModelRun: Sendable {
    let stage: ModelStage
    let reserveOn: ReservePolicy

    /// Nil when some order of the operations of each group explains all that was told and is to be seen.
    func divergence(of history: [OperationGroup]) async throws -> Divergence? {
        let play = try await ModelPlay(stage, reserveOn: reserveOn)
        var models: Set<SaleModel> = [SaleModel(hall: play.hall, now: stage.clock.now())]
        for (index, group) in history.enumerated() {
            stage.clock.advance(by: group.pause)
            models = Set(
                models.map { model in
                    var model = model
                    model.now = stage.clock.now()
                    return model
                })
            guard let model = models.first else { break }
            let linearization = try await observe(group, play, model)
            let explained = linearization.explain(models)
            let disagreements = try await play.disagreements()
            guard !explained.isEmpty, disagreements.isEmpty else {
                let report = ([linearization.report(models)] + disagreements).joined(separator: "\n")
                return Divergence(history: Array(history[...index]), report: report)
            }
            models = explained
        }
        return nil
    }

    /// Lets the threads of a group run at once and looks at what became of it.
    private func observe(_ group: OperationGroup, _ play: ModelPlay, _ model: SaleModel) async throws -> Linearization {
        var lineIDs: [Int: String] = [:]
        var lines: [Int: Int] = [:]
        for operation in group.operations {
            guard case .setQuantity(_, let type) = operation.action else { continue }
            guard let id = try await play.lineID(ofType: type, of: operation.person) else { continue }
            lineIDs[operation.id] = id
            lines[operation.id] = play.number(id)
        }
        let outcomes = await withTaskGroup(of: [(Int, Outcome)].self) { [lineIDs] tasks in
            for thread in group.threads {
                tasks.addTask {
                    var outcomes: [(Int, Outcome)] = []
                    for operation in thread {
                        outcomes.append(
                            (operation.id, await play.perform(operation, lineID: lineIDs[operation.id])))
                    }
                    return outcomes
                }
            }
            return await tasks.reduce(into: [Int: Outcome]()) { all, some in
                for (id, outcome) in some { all[id] = outcome }
            }
        }
        let people = Set(model.carts.keys).union(
            group.operations.filter { operation in
                if case .cart = outcomes[operation.id] { true } else { false }
            }.map(\.person))
        var targets: [Int: Int] = [:]
        for operation in group.operations {
            targets[operation.id] = operation.target.flatMap(play.number(madeBy:))
        }
        return Linearization(
            group: group, outcomes: outcomes, targets: targets, lines: lines,
            state: try await play.state(cartsOf: people))
    }

    /// The shortest history found that still diverges, by leaving out groups, threads and operations while it does.
    func shrink(_ divergence: Divergence) async throws -> Divergence {
        var shortest = divergence
        var plays = 0
        var index = 0
        while index < Self.pieces(shortest.history).count, plays < Self.playsMax {
            let piece = Self.pieces(shortest.history)[index]
            var found: Divergence?
            // What depends on who came first may not happen every time.
            for _ in 0..<Self.attempts where found == nil {
                plays += 1
                found = try await self.divergence(of: Self.leavingOut(piece, of: shortest.history))
            }
            if let found {
                shortest = found
                index = 0
            } else {
                index += 1
            }
        }
        return shortest
    }

    private static let playsMax = 600
    private static let attempts = 4

    /// What may be left out, the largest first: groups, then single operations.
    private static func pieces(_ history: [OperationGroup]) -> [Set<Int>] {
        history.map { Set($0.operations.map(\.id)) } + history.flatMap(\.operations).map { [$0.id] }
    }

    private static func leavingOut(_ piece: Set<Int>, of history: [OperationGroup]) -> [OperationGroup] {
        var pause = Duration.zero
        var shorter: [OperationGroup] = []
        for group in history {
            var group = group
            group.threads = group.threads.map { $0.filter { !piece.contains($0.id) } }.filter { !$0.isEmpty }
            group.pause += pause
            pause = .zero
            // The clock still moves as it did.
            if group.threads.isEmpty { pause = group.pause } else { shorter.append(group) }
        }
        return shorter
    }
}
