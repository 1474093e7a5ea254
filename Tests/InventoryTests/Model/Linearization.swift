/// Whether some order of operations that ran at once explains what their callers were told and what is to be seen now.
struct Linearization {
    let group: OperationGroup
    let outcomes: [Int: Outcome]
    /// The numbers of the reservations that operations meant, by the operation.
    let targets: [Int: Int]
    /// The numbers of the cart lines that operations meant, by the operation.
    let lines: [Int: Int]
    let state: SaleState

    /// How many models are carried on, where several explain everything.
    private static let modelsMax = 8

    /// The models after the group that agree with everything observed, out of those that were possible before.
    func explain(_ models: Set<SaleModel>) -> Set<SaleModel> {
        var explained: Set<SaleModel> = []
        for model in models where explained.count < Self.modelsMax {
            search(model, Array(repeating: 0, count: group.threads.count), &explained)
        }
        return explained
    }

    private func search(_ model: SaleModel, _ positions: [Int], _ explained: inout Set<SaleModel>) {
        var isFinished = true
        for (thread, position) in positions.enumerated() where position < group.threads[thread].count {
            isFinished = false
            let operation = group.threads[thread][position]
            var next = model
            guard let observed = outcomes[operation.id],
                apply(operation, to: &next, observed).contains(observed)
            else { continue }
            var positions = positions
            positions[thread] += 1
            search(next, positions, &explained)
            if explained.count >= Self.modelsMax { return }
        }
        if isFinished, model.state == state { explained.insert(model) }
    }

    private func apply(_ operation: Operation, to model: inout SaleModel, _ observed: Outcome) -> [Outcome] {
        model.apply(
            operation, target: targets[operation.id], line: lines[operation.id], observed: observed)
    }

    /// What the model says where operations run in the order in which they are written, for people.
    func report(_ models: Set<SaleModel>) -> String {
        guard var model = models.first else { return "" }
        var lines = group.operations.map { operation in
            let observed = outcomes[operation.id] ?? .failed("no outcome")
            let expected = apply(operation, to: &model, observed)
            let isExpected = expected.contains(observed)
            return "#\(operation.id): \(observed)" + (isExpected ? "" : "\n      in this order: \(expected)")
        }
        lines += state.differences(from: model.state)
        return lines.map { "    " + $0 }.joined(separator: "\n")
    }
}
