import Contracts
import Synchronization
import Testing

@testable import search

@Suite struct RebuildProgressTests {
    /// What a bar wrote.
    private final class Paper: Sendable {
        private let state = Mutex("")

        var text: String { state.withLock { $0 } }

        func write(_ text: String) { state.withLock { $0 += text } }
    }

    @Test func `without a terminal every tenth is one line`() throws {
        let paper = Paper()
        let progress = RebuildProgress(isTerminal: false, write: paper.write)
        for position in stride(from: Int64(0), through: 1000, by: 5) {
            progress.show(RebuildStatus(state: .running, events: Int(position), position: position, latest: 1000))
        }
        #expect(paper.text.split(separator: "\n").count == 11)
        #expect(paper.text.contains("50 %  500 events\n"))
        try progress.finish(RebuildStatus(state: .done, events: 1000, position: 1000, latest: 1000))
        #expect(paper.text.hasSuffix("1000 events indexed, the new index is searched\n"))
    }

    @Test func `on a terminal one line is redrawn`() {
        let paper = Paper()
        let progress = RebuildProgress(isTerminal: true, write: paper.write)
        progress.show(RebuildStatus(state: .running, events: 7, position: 1, latest: 2))
        #expect(paper.text == "\r\u{1B}[2K[####################....................] 50 %  7 events")
    }

    @Test func `a build that stopped says why`() {
        let progress = RebuildProgress(isTerminal: false) { _ in }
        #expect {
            try progress.finish(RebuildStatus(state: .failed, reason: "the feed is away"))
        } throws: { error in
            "\(error)" == "the feed is away"
        }
        #expect(throws: RebuildProgress.Failure.self) { try progress.finish(RebuildStatus()) }
    }
}
