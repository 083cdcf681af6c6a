import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Command } from "cmdk";
import { Bot, Gavel, ListChecks, Moon, Plus, Sun, Monitor, Languages } from "lucide-react";
import { type ReactNode, useState } from "react";
import { agentsQuery } from "../data/agents.ts";
import { Modal } from "../parts/modal.tsx";
import { languages, speak, type Language } from "../text/i18n.ts";
import { useText } from "../text/use-text.ts";
import { chooseTheme, themes } from "../theme/theme.ts";
import { pages } from "./pages.ts";

const HASH = /^0x[0-9a-f]{64}$/i;
const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

/** Goes anywhere and does the common things from the keyboard; an id that is pasted is opened. */
export function CommandPalette({ onClose }: { onClose: () => void }) {
  const { t } = useText();
  const navigate = useNavigate();
  const { data: agents = [] } = useQuery(agentsQuery);
  const [search, setSearch] = useState("");
  const pasted = search.trim();
  function go(to: string) {
    onClose();
    void navigate({ to });
  }
  function run(action: () => void) {
    onClose();
    action();
  }
  return (
    <Modal title={t("palette.title")} onClose={onClose}>
      <Command label={t("palette.title")} className="grid gap-3">
        <Command.Input
          value={search}
          onValueChange={setSearch}
          placeholder={t("palette.placeholder")}
          className="field"
        />
        <Command.List className="max-h-[50dvh] overflow-y-auto">
          <Command.Empty className="px-2 py-6 text-center text-quiet">{t("palette.empty")}</Command.Empty>
          {HASH.test(pasted) && (
            <Group heading={t("palette.open_id")}>
              <Item icon={<ListChecks />} value={`task ${pasted}`} onSelect={() => go(`/tasks/${pasted}`)}>
                {t("palette.open_task")}
              </Item>
              <Item icon={<Gavel />} value={`round ${pasted}`} onSelect={() => go(`/auctions/${pasted}`)}>
                {t("palette.open_round")}
              </Item>
              <Item icon={<Bot />} value={`agent ${pasted}`} onSelect={() => go(`/agents/${pasted}`)}>
                {t("palette.open_agent")}
              </Item>
            </Group>
          )}
          <Group heading={t("palette.go")}>
            <Item icon={<Plus />} onSelect={() => go("/tasks/new")}>
              {t("tasks.new")}
            </Item>
            {pages.map(({ to, name, icon: Icon }) => (
              <Item key={to} icon={<Icon />} onSelect={() => go(to)}>
                {t(`nav.${name}`)}
              </Item>
            ))}
          </Group>
          {agents.length > 0 && (
            <Group heading={t("nav.agents")}>
              {agents.map(({ versionId, name, version, capabilities }) => (
                <Item
                  key={versionId}
                  icon={<Bot />}
                  value={`${name} ${version} ${capabilities.join(" ")} ${versionId}`}
                  onSelect={() => go(`/agents/${versionId}`)}
                >
                  {name} <span className="text-quiet">{version}</span>
                </Item>
              ))}
            </Group>
          )}
          <Group heading={t("palette.appearance")}>
            {themes.map((theme) => {
              const Icon = themeIcons[theme];
              return (
                <Item key={theme} icon={<Icon />} onSelect={() => run(() => chooseTheme(theme))}>
                  {t(`theme.${theme}`)}
                </Item>
              );
            })}
            {Object.entries(languages).map(([tag, name]) => (
              <Item key={tag} icon={<Languages />} onSelect={() => run(() => void speak(tag as Language))}>
                {name}
              </Item>
            ))}
          </Group>
        </Command.List>
      </Command>
    </Modal>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:font-medium [&_[cmdk-group-heading]]:text-quiet"
    >
      {children}
    </Command.Group>
  );
}

interface ItemProps {
  icon: ReactNode;
  value?: string;
  onSelect: () => void;
  children: ReactNode;
}

function Item({ icon, value, onSelect, children }: ItemProps) {
  return (
    <Command.Item
      {...(value === undefined ? {} : { value })}
      onSelect={onSelect}
      className="flex cursor-pointer items-center gap-3 rounded-lg px-2 py-2 aria-selected:bg-sea-soft aria-selected:text-sea [&_svg]:size-4"
    >
      {icon}
      <span>{children}</span>
    </Command.Item>
  );
}
