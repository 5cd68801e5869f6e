"""A browser that a test can drive: the few commands of the WebDriver protocol that ours need, over plain HTTP.

    with Browser(width=1280, height=800) as browser:
        browser.open(path)
        browser.keys("/", "kernel", ENTER)
        browser.script("return document.title")
"""
import base64
import http.client
import json
import pathlib
import re
import shutil
import subprocess
import tempfile

CHROMIUM, DRIVER = "chromium", "chromedriver"
SHIFT, ENTER, ESCAPE, END, HOME, LEFT, UP, RIGHT, DOWN, TAB = (chr(0xE000 + n) for n in (8, 7, 12, 16, 17, 18, 19, 20, 21, 4))
SECONDS = 60  # for one command on a busy machine


def missing():
    return [name for name in (CHROMIUM, DRIVER) if not shutil.which(name)]


class Browser:
    def __init__(self, width, height, dark=False):
        self.profile = tempfile.TemporaryDirectory()
        self.driver = subprocess.Popen([DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.session = ""
        try:
            for line in self.driver.stdout:
                if port := re.search(r"started successfully on port (\d+)", line):
                    break
            self.connection = http.client.HTTPConnection("127.0.0.1", int(port[1]), timeout=SECONDS)
            arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                         "--force-color-profile=srgb", f"--user-data-dir={self.profile.name}", f"--window-size={width},{height}"]
            if dark:
                arguments.append("--force-dark-mode")
            options = {"binary": shutil.which(CHROMIUM), "args": arguments, "perfLoggingPrefs": {"enableNetwork": True}}
            self.session = "/session/" + self.post("/session", {"capabilities": {"alwaysMatch": {
                "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"}}}})["sessionId"]
            self.resize(width, height)
            self.post("/url", {"url": "about:blank"})
            self.complaints(), self.requests()  # of the page that a browser opens first
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.session:
            self.request("DELETE", self.session)
        self.driver.terminate()
        self.driver.wait()
        self.driver.stdout.close()
        self.profile.cleanup()

    def request(self, method, path, body=None):
        self.connection.request(method, path, None if body is None else json.dumps(body), {"Content-Type": "application/json"})
        value = json.loads(self.connection.getresponse().read())["value"]
        if isinstance(value, dict) and "error" in value:
            raise AssertionError(f"{path}: {value['error']}: {value['message'].splitlines()[0]}")
        return value

    def post(self, path, body):
        return self.request("POST", self.session + path, body)

    def devtools(self, command, **parameters):
        return self.post("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def resize(self, width, height):
        """The inside of the window, also where that is smaller than a window can be."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme):
        self.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])

    def open(self, path, fragment=""):
        self.post("/url", {"url": pathlib.Path(path).resolve().as_uri() + fragment})

    def script(self, body, *arguments):
        return self.post("/execute/sync", {"script": body, "args": arguments})

    def keys(self, *keys):
        """Pressed one after the other; a tuple is pressed together."""
        actions = []
        for key in keys:
            together = key if isinstance(key, tuple) else None
            for each in [together] if together else key:
                actions += [{"type": "keyDown", "value": one} for one in each] + [{"type": "keyUp", "value": one} for one in reversed(each)]
        self.post("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def click(self, selector):
        self.post(f"/element/{self.element(selector)}/click", {})

    def element(self, selector):
        return next(iter(self.post("/element", {"using": "css selector", "value": selector}).values()))

    def screenshot(self, path):
        pathlib.Path(path).write_bytes(base64.b64decode(self.request("GET", self.session + "/screenshot")))

    def complaints(self):
        """What the console says since it was asked last: errors, and what the page's policy refused."""
        return [each["message"] for each in self.post("/se/log", {"type": "browser"})]

    def requests(self):
        """The addresses that were asked for since the last time."""
        events = (json.loads(each["message"])["message"] for each in self.post("/se/log", {"type": "performance"}))
        return [event["params"]["request"]["url"] for event in events if event["method"] == "Network.requestWillBeSent"]
