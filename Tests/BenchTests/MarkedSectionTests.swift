import Testing

@testable import bench

@Suite struct MarkedSectionTests {
    @Test("only what is between the marks is replaced")
    func onlyBetweenMarksReplaced() {
        let old = "# Results\n\(MarkedSection.begin)\nold\n\(MarkedSection.end)\nProfile\n"
        let new = MarkedSection.replacing(in: old, with: "new")
        #expect(new == "# Results\n\(MarkedSection.begin)\nnew\n\(MarkedSection.end)\nProfile\n")
    }

    @Test("a file without marks keeps its text and gets the section behind it")
    func fileWithoutMarksKeeps() {
        #expect(
            MarkedSection.replacing(in: "# Results", with: "new")
                == "# Results\n\(MarkedSection.begin)\nnew\n\(MarkedSection.end)\n")
    }
}
