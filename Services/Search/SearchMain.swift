import ServiceKit

@main
enum SearchMain {
    static func main() async {
        if CommandLine.arguments.contains(RebuildCommand.flag) { await RebuildCommand.main() }
        await ServiceRunner.main(SearchMain.self)
    }
}
