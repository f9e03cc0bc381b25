# Runs commands against a storm: storm.py PORT COMMAND...; a command is create=T, subscribe=T,ID,
# unsubscribe=T,ID, link=T,U, destroy=T or list.
import sys
import Ice
import IceStorm

with Ice.initialize() as communicator:
    manager = IceStorm.TopicManagerPrx.uncheckedCast(
        communicator.stringToProxy("IceStorm/TopicManager:tcp -h 127.0.0.1 -p " + sys.argv[1]))
    for command in sys.argv[2:]:
        name, _, rest = command.partition("=")
        arguments = rest.split(",")
        if name == "create":
            manager.create(arguments[0])
            continue
        if name == "list":
            for topic in sorted(manager.retrieveAll()):
                ids = manager.retrieve(topic).getSubscribers()
                print(topic, *sorted(i.category + "/" + i.name for i in ids))
            continue
        topic = manager.retrieve(arguments[0])
        if name == "destroy":
            topic.destroy()
        elif name == "link":
            topic.link(manager.retrieve(arguments[1]), 3)
        else:
            subscriber = communicator.stringToProxy(arguments[1] + " -o:tcp -h 127.0.0.1 -p 1")
            if name == "subscribe":
                topic.subscribeAndGetPublisher({"retryCount": "-1"}, subscriber)
            else:
                topic.unsubscribe(subscriber)
