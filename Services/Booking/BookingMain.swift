@main
struct BookingMain {
    static func main() {}
}
