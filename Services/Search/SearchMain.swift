import ServiceKit

@main
enum SearchMain {
    static func main() async { await ServiceRunner.main(SearchMain.self) }
}
