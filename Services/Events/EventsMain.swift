import ServiceKit

@main
enum EventsMain {
    static func main() async { await ServiceRunner.main(EventsMain.self) }
}
