@main
struct EventsMain {
    static func main() {}
}
