import LoadKit
import Testing

@Suite struct ProgressLineTests {
    @Test(arguments: [(0, 10, 0), (5, 10, 20), (10, 10, 40), (11, 10, 40), (0, 0, 0)])
    func `a bar is as full as the work is done`(done: Int, all: Int, full: Int) {
        let bar = ProgressLine.bar(done, of: all)
        #expect(bar.count == 42)
        #expect(bar.count { $0 == "#" } == full)
    }
}
